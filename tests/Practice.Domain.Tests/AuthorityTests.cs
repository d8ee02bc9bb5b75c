using System.Data;
using ErrorOr;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using NpgsqlTypes;
using Practice.Shared.Authority;

namespace Practice.Domain.Tests;

/// <summary>What is put before the database as a caller asks to be let in, and what is made of its verdict.</summary>
public sealed class AuthorityTests
{
    private static readonly Guid Group = Guid.CreateVersion7(),
        Account = Guid.CreateVersion7(),
        User = Guid.CreateVersion7(),
        Session = Guid.CreateVersion7(),
        Other = Guid.CreateVersion7();
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly AccessRequirement Plain = new(
        Access.None,
        InGroup: false,
        Changes: false,
        TemporaryPassword: false
    );

    public static TheoryData<AccessRequirement> Requirements() =>
        [
            Plain,
            new(Access.ManageUsers | Access.Owner, InGroup: true, Changes: false, TemporaryPassword: false),
            new(Access.None, InGroup: true, Changes: true, TemporaryPassword: false),
            new(Access.None, InGroup: false, Changes: false, TemporaryPassword: true),
            Plain with
            {
                Portal = new(Edit: true, Clinical: false, Holder: false),
            },
            Plain with
            {
                Portal = new(Edit: false, Clinical: true, Holder: false),
            },
            Plain with
            {
                Portal = new(Edit: false, Clinical: false, Holder: true),
            },
        ];

    [Theory]
    [MemberData(nameof(Requirements))]
    public void An_admission_arrives_with_the_message_as_it_was_sent(AccessRequirement requirement)
    {
        foreach (
            var sent in new[]
            {
                new Admission("hash", Group, null, requirement),
                new Admission("hash", null, Account, requirement),
                new Admission(null, null, null, requirement),
            }
        )
        {
            var headers = new Dictionary<string, string?>();
            sent.WriteTo(headers);
            Assert.Equal(sent, Admission.ReadFrom(headers));
        }
    }

    [Fact]
    public void A_message_without_an_admission_has_none()
    {
        Assert.Null(Admission.ReadFrom(new Dictionary<string, string?>()));
        var headers = new Dictionary<string, string?>();
        new Admission(null, null, null, Plain).WriteTo(headers);
        Assert.Null(Admission.ReadFrom(new Dictionary<string, string?> { [headers.Keys.Single()] = null }));
    }

    [Fact]
    public void A_token_is_known_by_its_SHA_256_alone() =>
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Admission.Hash("abc"));

    [Theory]
    [InlineData("Bearer secret", true)]
    [InlineData("bearer secret ", true)]
    [InlineData("Bearer ", false)]
    [InlineData("Basic secret", false)]
    [InlineData("secret", false)]
    [InlineData("", false)]
    public void A_request_is_known_by_its_bearer_token(string header, bool known)
    {
        var call = Call(Plain, header, null);
        Assert.Equal(known ? Admission.Hash("secret") : null, call.Admission!.TokenHash);
        Assert.Same(call.Admission, call.Admission);
        Assert.Equal((null, null), (call.Admission.GroupId, call.Admission.AccountId));
    }

    [Fact]
    public void The_group_and_the_account_are_the_routes_and_only_where_the_route_asks_for_them()
    {
        var values = new RouteValueDictionary { ["groupId"] = $"{Group}", ["accountId"] = $"{Account}" };
        var inGroup = Call(Plain with { InGroup = true }, "", values).Admission!;
        Assert.Equal((Group, null), (inGroup.GroupId, inGroup.AccountId));
        var inPortal = Call(Plain with { Portal = new(false, false, false) }, "", values).Admission!;
        Assert.Equal((null, Account), (inPortal.GroupId, inPortal.AccountId));
        Assert.Equal(
            (null, null),
            (Call(Plain, "", values).Admission!.GroupId, Call(Plain, "", values).Admission!.AccountId)
        );
        var nonsense = Call(
            Plain with
            {
                InGroup = true,
                Portal = new(false, false, false),
            },
            "",
            new() { ["groupId"] = "x", ["accountId"] = "x" }
        ).Admission!;
        Assert.Equal((null, null), (nonsense.GroupId, nonsense.AccountId));
    }

    [Fact]
    public void Where_no_route_asks_there_is_no_admission_and_nobody_is_the_caller()
    {
        var call = Call(null, "Bearer secret", null);
        Assert.Null(call.Admission);
        Assert.Same(Caller.Nobody, call.Caller);
        Assert.Null(new CallContext(new HttpContextAccessor(), TimeProvider.System).Admission);
    }

    [Fact]
    public void A_handler_acts_by_what_came_with_the_message_and_not_by_the_request()
    {
        var call = Call(Plain, "Bearer secret", null);
        var caller = new Caller(User, Session, null, Access.None, []);
        call.LetIn(caller);
        Assert.Same(caller, call.Caller);
        var admission = new Admission("other", Group, null, Plain);
        call.ActFor(admission, Group);
        Assert.Equal((admission, Group), (call.Admission!, call.SystemGroup));
        Assert.Same(Caller.Nobody, call.Caller); // let in anew, or nobody
        call.ActFor(null, null);
        Assert.Null(call.Admission);
    }

    [Fact]
    public void A_caller_may_what_all_of_the_settings_asked_for_cover()
    {
        var caller = new Caller(User, Session, Group, Access.ManageUsers | Access.Owner, []);
        Assert.True(caller.May(Access.ManageUsers));
        Assert.True(caller.May(Access.None));
        Assert.False(caller.May(Access.ManageUsers | Access.ExportData));
        Assert.True(caller.IsOwner);
        Assert.False((caller with { Access = Access.ManageUsers }).IsOwner);
        Assert.Equal(User, caller.Person);
        Assert.Throws<InvalidOperationException>(() => Caller.Nobody.Person);
        Assert.Throws<InvalidOperationException>(() => caller.Account);
        var portal = new PortalEntry(Account, PortalRelation.Self, null, true, true);
        Assert.Same(portal, (caller with { Portal = portal }).Account);
    }

    [Fact]
    public void A_group_is_entered_with_what_the_route_needs()
    {
        var admission = new Admission(
            "hash",
            Group,
            null,
            new(Access.ManageUsers, InGroup: true, Changes: true, TemporaryPassword: false)
        );
        Assert.Equal(EnterSql.Person, EnterSql.For(admission));
        Assert.Equal(
            [
                ("enter_token", NpgsqlDbType.Text, "hash"),
                ("enter_group", NpgsqlDbType.Uuid, Group),
                ("enter_required", NpgsqlDbType.Integer, (int)Access.ManageUsers),
                ("enter_changes", NpgsqlDbType.Boolean, true),
                ("enter_temporary", NpgsqlDbType.Boolean, false),
            ],
            Parameters(admission)
        );
        Assert.All(Parameters(admission), parameter =>
            Assert.Contains($"@{parameter.Name}", EnterSql.Person, StringComparison.Ordinal)
        );
        Assert.Contains(
            ("enter_group", NpgsqlDbType.Uuid, DBNull.Value),
            Parameters(admission with { GroupId = null })
        );
    }

    [Fact]
    public void A_portal_account_is_entered_with_what_the_route_needs_at_this_moment()
    {
        var admission = new Admission(
            "hash",
            null,
            Account,
            Plain with
            {
                Portal = new(Edit: true, Clinical: false, Holder: true),
            }
        );
        Assert.Equal(EnterSql.Portal, EnterSql.For(admission));
        Assert.Equal(
            [
                ("enter_token", NpgsqlDbType.Text, "hash"),
                ("enter_account", NpgsqlDbType.Uuid, Account),
                ("enter_edit", NpgsqlDbType.Boolean, true),
                ("enter_clinical", NpgsqlDbType.Boolean, false),
                ("enter_holder", NpgsqlDbType.Boolean, true),
                ("enter_now", NpgsqlDbType.TimestampTz, Now),
            ],
            Parameters(admission)
        );
        Assert.All(Parameters(admission), parameter =>
            Assert.Contains($"@{parameter.Name}", EnterSql.Portal, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void The_system_enters_by_group_by_account_and_by_person()
    {
        using var command = new NpgsqlCommand();
        EnterSql.AddGroup(command, Group);
        EnterSql.AddAccount(command, Account);
        EnterSql.AddPerson(command, User);
        Assert.Equal(
            [("enter_group", Group), ("enter_account", Account), ("enter_person", User)],
            command.Parameters.Select(parameter => (parameter.ParameterName, (Guid)parameter.Value!))
        );
        Assert.Contains("enter_as_system(@enter_group)", EnterSql.System, StringComparison.Ordinal);
        Assert.Contains("enter_account_as_system(@enter_account)", EnterSql.SystemInAccount, StringComparison.Ordinal);
        Assert.Contains("enter_person_as_system(@enter_person)", EnterSql.SystemForPerson, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no_session", 401, "auth.not_signed_in")]
    [InlineData("a word that nobody has heard of", 401, "auth.not_signed_in")]
    [InlineData("password_change_required", 403, "users.password_change_required")]
    [InlineData("not_a_member", 404, "request.not_found")]
    [InlineData("two_factor_required", 403, "groups.two_factor_required")]
    [InlineData("not_allowed", 403, "auth.not_allowed")]
    [InlineData("unknown", 404, "request.not_found")]
    [InlineData("grant_not_current", 403, "portal.grant_not_current")]
    [InlineData("not_the_holder", 403, "portal.not_the_holder")]
    [InlineData("clinical_not_granted", 403, "portal.clinical_not_granted")]
    [InlineData("view_only", 403, "portal.view_only")]
    public async Task A_verdict_against_the_caller_is_a_refusal_of_its_own(string verdict, int status, string code)
    {
        var refused = await Read(
            [verdict, User, Session, 0, Array.Empty<Guid>()],
            new Admission("hash", Group, null, Plain)
        );
        Assert.Equal((true, status, code), (refused.IsError, refused.FirstError.NumericType, refused.FirstError.Code));
    }

    [Fact]
    public async Task No_verdict_lets_nobody_in() =>
        Assert.Equal(
            "auth.not_signed_in",
            (await Read(null, new Admission("hash", Group, null, Plain))).FirstError.Code
        );

    [Fact]
    public async Task Who_entered_a_group_is_known_with_settings_and_locations()
    {
        var caller = (
            await Read(
                ["entered", User, Session, (int)(Access.ManageUsers | Access.ReadOnly), new[] { Other }],
                new Admission("hash", Group, null, Plain)
            )
        ).Value;
        Assert.Equal(
            (User, Session, Group, Access.ManageUsers | Access.ReadOnly),
            (caller.UserId, caller.SessionId, caller.GroupId, caller.Access)
        );
        Assert.Equal([Other], caller.LocationIds);
        Assert.Null(caller.Portal);
    }

    [Theory]
    [InlineData("self", PortalRelation.Self)]
    [InlineData("guardian", PortalRelation.Guardian)]
    [InlineData("granted", PortalRelation.Granted)]
    public async Task Who_entered_a_portal_account_is_known_by_relation_role_and_level(
        string relation,
        PortalRelation known
    )
    {
        var admission = new Admission("hash", null, Account, Plain with { Portal = new(false, false, false) });
        var caller = (await Read(["entered", User, Session, relation, Other, true, false], admission)).Value;
        Assert.Equal(
            (User, Session, null, Access.None),
            (caller.UserId, caller.SessionId, caller.GroupId, caller.Access)
        );
        Assert.Equal(new PortalEntry(Account, known, Other, CanEdit: true, Clinical: false), caller.Portal);
        Assert.Equal(
            new PortalEntry(Account, known, null, CanEdit: false, Clinical: true),
            (await Read(["entered", User, Session, relation, DBNull.Value, false, true], admission)).Value.Portal
        );
        Assert.Null(
            (await Read(["entered", User, Session, relation, Other, true, true], admission with { AccountId = null }))
                .Value
                .Portal
        );
    }

    private static CallContext Call(AccessRequirement? requirement, string authorization, RouteValueDictionary? values)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Authorization = authorization;
        http.Request.RouteValues = values ?? [];
        http.SetEndpoint(new Endpoint(null, requirement is null ? new() : new(requirement), null));
        return new CallContext(new HttpContextAccessor { HttpContext = http }, TimeProvider.System);
    }

    private static List<(string Name, NpgsqlDbType Type, object Value)> Parameters(Admission admission)
    {
        using var command = new NpgsqlCommand();
        EnterSql.AddParameters(command, admission, Now);
        return
        [
            .. command.Parameters.Select(parameter =>
                (parameter.ParameterName, parameter.NpgsqlDbType, parameter.Value!)
            ),
        ];
    }

    /// <summary>A result set as the database would give it, read as the product reads it.</summary>
    private static async Task<ErrorOr<Caller>> Read(object[]? row, Admission admission)
    {
        using var table = new DataTable();
        foreach (var value in row ?? [])
            table.Columns.Add(null, value is DBNull ? typeof(Guid) : value.GetType());
        if (row is not null)
            table.Rows.Add(row);
        await using var reader = table.CreateDataReader();
        return await EnterSql.ReadVerdictAsync(reader, admission, CancellationToken.None);
    }
}
