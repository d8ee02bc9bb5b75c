using System.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using NpgsqlTypes;
using Practice.Authorization;

namespace Practice.Domain.Tests;

/// <summary>How a caller asks the database for authorization, and what is made of its answer.</summary>
public sealed class AuthorizationTests
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
                Portal = new(InAccount: true, Edit: true, Clinical: false, Holder: false),
            },
            Plain with
            {
                Portal = new(InAccount: true, Edit: false, Clinical: true, Holder: false),
            },
            Plain with
            {
                Portal = new(InAccount: true, Edit: false, Clinical: false, Holder: true),
            },
        ];

    [Theory]
    [MemberData(nameof(Requirements))]
    public void A_request_arrives_with_the_message_as_it_was_sent(AccessRequirement requirement)
    {
        foreach (
            var sent in new[]
            {
                new AuthorizationRequest("hash", Group, null, requirement),
                new AuthorizationRequest("hash", null, Account, requirement),
                new AuthorizationRequest(null, null, null, requirement),
            }
        )
        {
            var headers = new Dictionary<string, string?>();
            sent.WriteTo(headers);
            Assert.Equal(sent, AuthorizationRequest.ReadFrom(headers));
        }
    }

    [Fact]
    public void A_message_without_a_request_has_none()
    {
        Assert.Null(AuthorizationRequest.ReadFrom(new Dictionary<string, string?>()));
        var headers = new Dictionary<string, string?>();
        new AuthorizationRequest(null, null, null, Plain).WriteTo(headers);
        Assert.Null(AuthorizationRequest.ReadFrom(new Dictionary<string, string?> { [headers.Keys.Single()] = null }));
    }

    [Fact]
    public void A_token_is_known_by_its_SHA_256_alone() =>
        Assert.Equal(
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            AuthorizationRequest.Hash("abc")
        );

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
        Assert.Equal(known ? AuthorizationRequest.Hash("secret") : null, call.Request!.TokenHash);
        Assert.Same(call.Request, call.Request);
        Assert.Equal((null, null), (call.Request.GroupId, call.Request.AccountId));
    }

    [Fact]
    public void The_group_and_the_account_are_the_routes_and_only_where_the_route_asks_for_them()
    {
        var values = new RouteValueDictionary { ["groupId"] = $"{Group}", ["accountId"] = $"{Account}" };
        var inGroup = Call(Plain with { InGroup = true }, "", values).Request!;
        Assert.Equal((Group, null), (inGroup.GroupId, inGroup.AccountId));
        var inPortal = Call(Plain with { Portal = new(true, false, false, false) }, "", values).Request!;
        Assert.Equal((null, Account), (inPortal.GroupId, inPortal.AccountId));
        Assert.Equal(
            (null, null),
            (Call(Plain, "", values).Request!.GroupId, Call(Plain, "", values).Request!.AccountId)
        );
        var nonsense = Call(
            Plain with
            {
                InGroup = true,
                Portal = new(true, false, false, false),
            },
            "",
            new() { ["groupId"] = "x", ["accountId"] = "x" }
        ).Request!;
        Assert.Equal((Guid.Empty, Guid.Empty), (nonsense.GroupId, nonsense.AccountId)); // which nobody is in
        var anyAccount = Call(Plain with { Portal = new(false, false, false, false) }, "", values).Request!;
        Assert.Null(anyAccount.AccountId);
    }

    [Fact]
    public void Where_no_route_asks_there_is_no_request_and_nobody_is_the_caller()
    {
        var call = Call(null, "Bearer secret", null);
        Assert.Null(call.Request);
        Assert.Same(Caller.Nobody, call.Caller);
        Assert.Null(new CallContext(new HttpContextAccessor(), TimeProvider.System).Request);
    }

    [Fact]
    public void A_handler_acts_by_what_came_with_the_message_and_not_by_the_request()
    {
        var call = Call(Plain, "Bearer secret", null);
        var caller = new Caller(User, Session, null, Access.None, []);
        call.SetCaller(caller);
        Assert.Same(caller, call.Caller);
        var request = new AuthorizationRequest("other", Group, null, Plain);
        call.ActFor(request, Group, Account, User);
        Assert.Equal((request, new ActingAs(Group, Account, User)), (call.Request!, call.ActingAs));
        Assert.Same(Caller.Nobody, call.Caller); // authorized again, or nobody
        call.ActFor(null, null, null, null);
        Assert.Null(call.Request);
        Assert.False(call.HasAuthority);
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
        var portal = new PortalCaller(Account, PortalRelation.Self, null, true, true);
        Assert.Same(portal, (caller with { Portal = portal }).Account);
    }

    [Fact]
    public void A_group_is_asked_for_with_what_the_route_needs()
    {
        var request = new AuthorizationRequest(
            "hash",
            Group,
            null,
            new(Access.ManageUsers, InGroup: true, Changes: true, TemporaryPassword: false)
        );
        Assert.Equal(AuthorizationSql.Authorize, AuthorizationSql.For(request));
        Assert.Equal(
            [
                ("auth_token", NpgsqlDbType.Text, "hash"),
                ("auth_group", NpgsqlDbType.Uuid, Group),
                ("auth_required", NpgsqlDbType.Integer, (int)Access.ManageUsers),
                ("auth_changes", NpgsqlDbType.Boolean, true),
                ("auth_temporary", NpgsqlDbType.Boolean, false),
            ],
            Parameters(request)
        );
        Assert.All(Parameters(request), parameter =>
            Assert.Contains($"@{parameter.Name}", AuthorizationSql.Authorize, StringComparison.Ordinal)
        );
        Assert.Contains(("auth_group", NpgsqlDbType.Uuid, DBNull.Value), Parameters(request with { GroupId = null }));
    }

    [Fact]
    public void A_portal_account_is_asked_for_with_what_the_route_needs_at_this_moment()
    {
        var request = new AuthorizationRequest(
            "hash",
            null,
            Account,
            Plain with
            {
                Portal = new(InAccount: true, Edit: true, Clinical: false, Holder: true),
            }
        );
        Assert.Equal(AuthorizationSql.AuthorizePortal, AuthorizationSql.For(request));
        Assert.Equal(
            [
                ("auth_token", NpgsqlDbType.Text, "hash"),
                ("auth_account", NpgsqlDbType.Uuid, Account),
                ("auth_edit", NpgsqlDbType.Boolean, true),
                ("auth_clinical", NpgsqlDbType.Boolean, false),
                ("auth_holder", NpgsqlDbType.Boolean, true),
                ("auth_now", NpgsqlDbType.TimestampTz, Now),
            ],
            Parameters(request)
        );
        Assert.All(Parameters(request), parameter =>
            Assert.Contains($"@{parameter.Name}", AuthorizationSql.AuthorizePortal, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Acting_as_the_system_ends_with_its_scope()
    {
        var call = new CallContext(new HttpContextAccessor(), TimeProvider.System);
        using (call.ActAsSystemIn(Group))
        {
            using (call.ActInAccount(Account))
            using (call.ActForPerson(User))
            using (call.ActForAddress("ADA@EXAMPLE.ORG"))
                Assert.Equal(new ActingAs(Group, Account, User, "ADA@EXAMPLE.ORG"), call.ActingAs);
            Assert.Equal(new ActingAs(Group), call.ActingAs);
            Assert.True(call.HasAuthority);
        }

        Assert.Equal(ActingAs.Caller, call.ActingAs);
        Assert.False(call.HasAuthority);
    }

    [Fact]
    public void Scopes_may_end_in_any_order()
    {
        var call = new CallContext(new HttpContextAccessor(), TimeProvider.System);
        var group = call.ActAsSystemIn(Group);
        var account = call.ActInAccount(Account);
        group.Dispose();
        Assert.Equal(new ActingAs(AccountId: Account), call.ActingAs);
        account.Dispose();
        Assert.Equal(ActingAs.Caller, call.ActingAs);

        call.ActFor(null, Group, null, null);
        using (call.ActAsSystemIn(Other))
            Assert.Equal(new ActingAs(Other), call.ActingAs);
        Assert.Equal(new ActingAs(Group), call.ActingAs);
    }

    [Fact]
    public void What_was_seen_before_is_taken_back_unless_what_comes_covers_it()
    {
        var request = new AuthorizationRequest("hash", Group, null, Plain);
        Assert.Equal(AuthorizationSql.Authorize, Text(request, ActingAs.Caller, null));
        Assert.Equal(
            "select authority.act_as_system_in_account(@as_account);\n",
            Text(request, new ActingAs(AccountId: Account), ActingAs.Caller)
        );
        Assert.StartsWith(
            "select authority.act_as_nobody();\n" + AuthorizationSql.Authorize,
            Text(request, new ActingAs(Group), new ActingAs(AccountId: Account)),
            StringComparison.Ordinal
        );
        Assert.Equal("select authority.act_as_nobody();\n", Text(null, ActingAs.Caller, new ActingAs(Group)));
        Assert.Equal(
            "select authority.act_as_system(@as_group), authority.act_as_system_in_account(@as_account), "
                + "authority.act_as_system_for_person(@as_person), authority.act_as_system_for_address(@as_email);\n",
            Text(null, new ActingAs(Group, Account, User, "A"), null)
        );

        static string Text(AuthorizationRequest? request, ActingAs acting, ActingAs? earlier) =>
            AuthorizationStatements.For(request, acting, earlier).Text();
    }

    [Fact]
    public void What_goes_before_a_read_keeps_it_from_changing_anything()
    {
        var request = new AuthorizationRequest("hash", Group, null, Plain);
        Assert.Contains(
            "authority.only_read() from (select authority.authorize(",
            BeforeRead(request, ActingAs.Caller)
        );
        Assert.Contains(
            "authority.only_read() from (select authority.authorize_portal(",
            BeforeRead(
                request with
                {
                    Requirement = Plain with { Portal = new(true, false, false, false) },
                },
                ActingAs.Caller
            )
        );
        Assert.EndsWith(
            "act_as_system(@as_group), authority.only_read();\n",
            BeforeRead(null, new ActingAs(Group)),
            StringComparison.Ordinal
        );

        static string BeforeRead(AuthorizationRequest? request, ActingAs acting) =>
            AuthorizationStatements.For(request, acting, null).TextBeforeRead();
    }

    /// <summary>Each statement has a result of its own, and the command's own result comes after them.</summary>
    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    [InlineData(false, true, true)]
    [InlineData(true, true, true)]
    public async Task The_answers_are_read_up_to_the_commands_own(bool startsOver, bool asks, bool widens)
    {
        var request = asks ? new AuthorizationRequest("hash", Group, null, Plain) : null;
        var statements = new AuthorizationStatements(
            request,
            widens ? new ActingAs(Group) : ActingAs.Caller,
            startsOver
        );
        using var answers = new DataSet();
        if (startsOver)
            Add(answers, "");
        if (asks)
            Add(answers, "authorized", User, Session, false, 0, Array.Empty<Guid>());
        if (widens)
            Add(answers, "");
        Add(answers, "the command's own");

        using (var reader = answers.CreateDataReader())
        {
            Assert.Equal(asks ? User : null, statements.Read(reader)?.Caller?.UserId);
            Assert.True(reader.Read());
            Assert.Equal("the command's own", reader.GetString(0));
        }

        await using (var reader = answers.CreateDataReader())
        {
            Assert.Equal(asks ? User : null, (await statements.ReadAsync(reader, default))?.Caller?.UserId);
            Assert.True(await reader.ReadAsync());
            Assert.Equal("the command's own", reader.GetString(0));
        }
    }

    [Fact]
    public async Task After_a_denial_nothing_more_is_read()
    {
        using var answers = new DataSet();
        Add(answers, "not_allowed", User, Session, false, 0, Array.Empty<Guid>());
        Add(answers, "");
        Add(answers, "the command's own");
        var statements = new AuthorizationStatements(
            new AuthorizationRequest("hash", Group, null, Plain),
            new ActingAs(Group),
            StartOver: false
        );
        using (var reader = answers.CreateDataReader())
        {
            Assert.Equal("auth.not_allowed", statements.Read(reader)!.Value.Error!.Value.Code);
            Assert.Equal("not_allowed", reader.GetString(0));
        }

        await using (var reader = answers.CreateDataReader())
        {
            Assert.Equal("auth.not_allowed", (await statements.ReadAsync(reader, default))!.Value.Error!.Value.Code);
            Assert.Equal("not_allowed", reader.GetString(0));
        }
    }

    private static void Add(DataSet answers, params object[] row)
    {
        var table = answers.Tables.Add();
        foreach (var value in row)
            table.Columns.Add(null, value.GetType());
        table.Rows.Add(row);
    }

    [Fact]
    public void The_system_acts_in_what_is_named()
    {
        using var command = new NpgsqlCommand();
        AuthorizationStatements.For(null, new ActingAs(Group, Account, User, "A"), null).AddParameters(command, Now);
        Assert.Equal(
            [("as_group", (object)Group), ("as_account", Account), ("as_person", User), ("as_email", "A")],
            command.Parameters.Select(parameter => (parameter.ParameterName, parameter.Value!))
        );
    }

    [Theory]
    [InlineData("no_session", 401, "auth.not_signed_in")]
    [InlineData("password_change_required", 403, "users.password_change_required")]
    [InlineData("not_a_member", 404, "request.not_found")]
    [InlineData("two_factor_required", 403, "groups.two_factor_required")]
    [InlineData("not_allowed", 403, "auth.not_allowed")]
    [InlineData("unknown", 404, "request.not_found")]
    [InlineData("grant_not_current", 403, "portal.grant_not_current")]
    [InlineData("not_the_holder", 403, "portal.not_the_holder")]
    [InlineData("clinical_not_granted", 403, "portal.clinical_not_granted")]
    [InlineData("view_only", 403, "portal.view_only")]
    public async Task Each_reason_has_an_error_of_its_own(string reason, int status, string code)
    {
        var refused = await Read(
            [reason, User, Session, 0, Array.Empty<Guid>()],
            new AuthorizationRequest("hash", Group, null, Plain)
        );
        Assert.Null(refused.Caller);
        Assert.Equal((status, code), (refused.Error!.Value.NumericType, refused.Error.Value.Code));
    }

    [Fact]
    public async Task A_result_that_nobody_knows_authorizes_nobody() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Read(["unheard_of", User, Session, 0, Array.Empty<Guid>()], new("hash", Group, null, Plain))
        );

    [Fact]
    public async Task No_row_authorizes_nobody() =>
        Assert.Equal(
            "auth.not_signed_in",
            (await Read(null, new AuthorizationRequest("hash", Group, null, Plain))).Error!.Value.Code
        );

    [Fact]
    public async Task Who_is_authorized_in_a_group_is_known_with_settings_and_locations()
    {
        var caller = (
            await Read(
                ["authorized", User, Session, (int)(Access.ManageUsers | Access.ReadOnly), new[] { Other }],
                new AuthorizationRequest("hash", Group, null, Plain)
            )
        ).Caller!;
        Assert.Equal(
            (User, Session, Group, Access.ManageUsers | Access.ReadOnly),
            (caller.UserId, caller.SessionId, caller.GroupId, caller.Access)
        );
        Assert.Equal([Other], caller.LocationIds);
        Assert.Null(caller.Portal);
        Assert.True(caller.RecentlyVerified);
        var member = new AuthorizationRequest("hash", Group, null, Plain);
        Assert.False(
            (await Read(["authorized", User, Session, 0, Array.Empty<Guid>()], member, verified: false))
                .Caller!
                .RecentlyVerified
        );
    }

    [Theory]
    [InlineData("self", PortalRelation.Self)]
    [InlineData("guardian", PortalRelation.Guardian)]
    [InlineData("granted", PortalRelation.Granted)]
    public async Task Who_is_authorized_in_a_portal_account_is_known_by_relation_role_and_level(
        string relation,
        PortalRelation known
    )
    {
        var request = new AuthorizationRequest(
            "hash",
            null,
            Account,
            Plain with
            {
                Portal = new(true, false, false, false),
            }
        );
        var caller = (await Read(["authorized", User, Session, relation, Other, true, false], request)).Caller!;
        Assert.Equal(
            (User, Session, null, Access.None),
            (caller.UserId, caller.SessionId, caller.GroupId, caller.Access)
        );
        Assert.Equal(new PortalCaller(Account, known, Other, CanEdit: true, Clinical: false), caller.Portal);
        Assert.Equal(
            new PortalCaller(Account, known, null, CanEdit: false, Clinical: true),
            (await Read(["authorized", User, Session, relation, DBNull.Value, false, true], request)).Caller!.Portal
        );
        Assert.Null(
            (await Read(["authorized", User, Session, relation, Other, true, true], request with { AccountId = null }))
                .Caller!
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

    private static List<(string Name, NpgsqlDbType Type, object Value)> Parameters(AuthorizationRequest request)
    {
        using var command = new NpgsqlCommand();
        AuthorizationSql.AddParameters(command.Parameters, request, Now);
        return
        [
            .. command.Parameters.Select(parameter =>
                (parameter.ParameterName, parameter.NpgsqlDbType, parameter.Value!)
            ),
        ];
    }

    /// <summary>A result set as the database would give it, read as the product reads it.</summary>
    private static async Task<AuthorizationResult> Read(
        object[]? row,
        AuthorizationRequest request,
        bool verified = true
    )
    {
        using var table = new DataTable();
        const int identity = 3; // the result, the person and the session come before it
        object[] values = row?.Length > identity ? [.. row[..identity], verified, .. row[identity..]] : row ?? [];
        foreach (var value in values)
            table.Columns.Add(null, value is DBNull ? typeof(Guid) : value.GetType());
        if (row is not null)
            table.Rows.Add(values);
        await using var reader = table.CreateDataReader();
        return AuthorizationSql.ReadResult(await reader.ReadAsync(), reader, request);
    }
}
