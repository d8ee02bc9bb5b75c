using System.Text.RegularExpressions;
using Mono.Cecil;
using Practice.Messages;

namespace Practice.Architecture.Tests;

/// <summary>
/// 2, where no reference is needed: a module does not reach another by its name in a text, by reflection or <c>dynamic</c>, by the
/// service provider, over HTTP, by a database connection of its own, or in another's stead.
/// </summary>
public sealed class Rule02_Detours
{
    /// <summary>What no module has any business with, and what it is for instead.</summary>
    private static readonly (string Pattern, string Why)[] Forbidden =
    [
        (
            @"^System\.Type::(GetType|InvokeMember|GetMethods?|GetFields?|GetPropert(y|ies)|GetConstructors?|GetMembers?)$",
            "looks for code by reflection"
        ),
        (
            @"^System\.Reflection\.Assembly::(Load\w*|UnsafeLoadFrom|GetTypes?|GetExportedTypes|get_DefinedTypes|GetReferencedAssemblies|get_EntryPoint|GetEntryAssembly|GetCallingAssembly|CreateInstance)$",
            "looks for code by reflection"
        ),
        (
            @"^System\.Reflection\.(MethodBase|MethodInfo|ConstructorInfo)::Invoke$|^System\.Reflection\.(FieldInfo|PropertyInfo)::(Get|Set)Value$|^System\.Reflection\.Emit\.",
            "calls code by reflection"
        ),
        (
            @"^System\.(Activator::CreateInstance|AppDomain|Delegate::DynamicInvoke)|^System\.Runtime\.Loader\.|UnsafeAccessorAttribute$|IgnoresAccessChecksToAttribute$",
            "calls code by reflection"
        ),
        (
            @"^Microsoft\.CSharp\.RuntimeBinder\.|^System\.Runtime\.CompilerServices\.CallSite|^System\.Dynamic\.",
            "is dynamic: nobody sees what it calls"
        ),
        (
            @"^System\.Net\.(Http\.|Sockets\.(Socket|TcpClient|UdpClient|TcpListener|NetworkStream)(::|$)|WebRequest|WebClient|WebSockets\.)|^Microsoft\.AspNetCore\.SignalR\.Client",
            "calls over the network"
        ),
        (
            @"^Npgsql\.Npgsql(Connection|DataSource|Command|Batch|MultiHost|Factory)|^System\.Data\.Common\.Db(Connection|Command|Batch|DataSource|Provider)|^System\.Data\.IDb",
            "has a database connection of its own"
        ),
        (
            @"^Microsoft\.EntityFrameworkCore\.Relational\w*DatabaseFacadeExtensions::(GetDbConnection|SetDbConnection|SetConnectionString|GetConnectionString|UseTransaction|OpenConnection)|::(UseNpgsql|GetConnectionString)$",
            "has a database connection of its own"
        ),
        (@"::(FromSqlRaw|SqlQueryRaw|ExecuteSqlRaw(Async)?)$", "runs SQL that is put together from text"),
        (
            @"^Practice\.Shared\.Persistence\.(PracticeDatabase|DatabaseSetup|Platform\.)|^Practice\.Shared\.Hosting\.(ModuleCatalogue|PracticeServices|PracticeMessaging::UsePractice)",
            "knows the databases of all modules"
        ),
        (
            @"^Practice\.Authorization\.(CallContext::ActFor|AuthorizationRequest::\.ctor|AuthorizationRequest::WriteTo|AccessRequirement::\.ctor|Caller::\.ctor)|^Practice\.Shared\.Messaging\.UnitOfWork::BeginAsync",
            "says itself on whose behalf it acts"
        ),
        (
            @"^Wolverine\.\w+::(InvokeAsync|InvokeForTenantAsync|StreamAsync|EndpointFor)$",
            "asks past Commands, where nobody sees whether the answer is the promised one"
        ),
        (
            @"^Microsoft\.AspNetCore\.(Hosting\.IStartupFilter|Builder\.IApplicationBuilder|Builder\.UseExtensions|Http\.IMiddleware)",
            "answers calls outside its routes"
        ),
        (
            @"^Microsoft\.AspNetCore\.Http\.HttpContext::get_RequestServices$|^System\.IServiceProvider(::GetService)?$|ServiceProvider\w*Extensions::Get\w+$|IServiceScope(Factory)?$",
            ServiceProvider
        ),
        (
            @"^Microsoft\.AspNetCore\.Http\.HttpRequest::(get_Body|get_BodyReader|get_Form|ReadFormAsync)$|HttpRequest\w+Extensions::Read\w+$",
            RawBody
        ),
    ];

    private const string ServiceProvider = "asks the service provider";
    private const string RawBody = "reads a body past Body<T>";

    /// <summary>The few that have to: what runs between requests makes a scope of its own, what is registered is composed, and a file is no JSON.</summary>
    private static readonly string[] Allowed =
    [
        $"Practice.PatientPortal.Features.Portal.Guardianship.RecalculateAgeLimitsAtStart {ServiceProvider}",
        $"Practice.Users.Data.ExpiredDataCleanup {ServiceProvider}",
        $"Practice.Users.Email.EmailRegistration {ServiceProvider}",
        $"Practice.Users.UsersModule {ServiceProvider}",
        $"Practice.Groups.Features.Members.Import.MemberFile {RawBody}",
    ];

    /// <summary>
    /// Where the system goes on in a group, in an account or for a person that its caller has not entered. Each has made sure that it
    /// may, in a way of its own; another one is a line here, to be looked at.
    /// </summary>
    private static readonly Dictionary<string, string> GoesOnAsTheSystem = new()
    {
        ["Practice.Groups.Features.Groups.CreateGroupHandler acts as the system in a group"] =
            "the one that it has just made",
        ["Practice.Groups.Features.Invitations.AnswerInvitationHandler acts as the system in a group"] =
            "the one that the caller is invited to",
        ["Practice.Locations.Features.ArchiveLocationHandler acts as the system in a group"] =
            "the caller's own, beyond their locations, to see whether it is the last one",
        ["Practice.PatientPortal.Features.Portal.Guardianship.AddDependantHandler acts as the system in an account"] =
            "the one that it has just made",
        ["Practice.PatientPortal.Features.Portal.Accounts.ClaimInvitationHandler acts as the system in a group"] =
            "the one whose mailed token the caller brings",
        ["Practice.PatientPortal.Features.Portal.Accounts.Claiming acts as the system in an account"] =
            "the caller's own, or one that they guard",
        ["Practice.PatientPortal.Features.Portal.Access.FindAskedAccountHandler acts as the system in an account"] =
            "to leave a request there, of which the requester learns nothing",
        ["Practice.PatientPortal.Features.Portal.Access.FindAskedAccountHandler acts for a person"] = "the requester",
        ["Practice.PatientPortal.Features.Portal.Access.FindGranteeHandler acts as the system in an account"] =
            "the one whose holder has given the grant",
        ["Practice.PatientPortal.Features.Portal.Guardianship.FindGuardianHandler acts as the system in an account"] =
            "the one whose guardian has named another",
        ["Practice.PatientPortal.Data.GrantAssignment acts for a person"] =
            "the one let in, to end requests that have no effect any more",
        ["Practice.PatientPortal.Features.Portal.Accounts.OpenAccountHandler acts as the system in an account"] =
            "the one that it has just made",
        ["Practice.PatientPortal.Features.Portal.Accounts.PreviewClaimHandler acts as the system in a group"] =
            "the one whose mailed token the caller brings",
        [
            "Practice.PatientPortal.Features.Portal.Guardianship.RecalculateAgeLimitsHandler acts as the system in an account"
        ] = "each whose limits were calculated with other ages than those configured",
        ["Practice.PatientPortal.Domain.Guardianship.WarnGuardianHandler acts as the system in an account"] =
            "the one whose guardianship ends",
        ["Practice.PatientPortal.Features.Portal.Access.WithdrawGrantHandler acts as the system in an account"] =
            "the one that the caller's own grant is for",
        ["Practice.PatientPortal.Features.Staff.Patients.InvitePatientHandler acts as the system in an account"] =
            "the one that the group's own patient is linked to",
        ["Practice.PatientPortal.EventHandlers.SyncPersonOnAccountChangedHandler acts as the system in an account"] =
            "the person's own",
        ["Practice.PatientPortal.EventHandlers.SyncPersonOnAccountChangedHandler acts for a person"] =
            "the one whose account has changed",
        ["Practice.PatientPortal.Data.PendingGrantAssignment acts as the system in an account"] =
            "each that offers something to the address",
        ["Practice.PatientPortal.Data.PendingGrantAssignment acts for an address"] =
            "the one that the person has proved",
    };

    [Fact]
    public void No_type_of_a_module_takes_a_detour_to_another() =>
        Rule.Holds(Uses(Codebase.Real), mention => Detours(mention).Except(Allowed));

    /// <summary>What is allowed is really done: a line that nobody needs any more is taken off.</summary>
    [Fact]
    public void Each_exemption_is_needed() =>
        Assert.Equal(
            Allowed.Order(StringComparer.Ordinal),
            Uses(Codebase.Real).SelectMany(Detours).Distinct().Where(Allowed.Contains).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Every_kind_of_detour_is_caught()
    {
        var taken = Uses(Codebase.Bad).Where(use => use.Mention.User.FullName == "Practice.Bad.Detours").ToList();
        Assert.Equal(
            Forbidden
                .Select(forbidden => $"Practice.Bad.Detours {forbidden.Why}")
                .Distinct()
                .Order(StringComparer.Ordinal),
            taken.SelectMany(Detours).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.All(Forbidden, forbidden =>
            Assert.Contains(taken, use => Regex.IsMatch(use.Mention.Name, forbidden.Pattern))
        );
    }

    [Fact]
    public void The_system_goes_on_where_its_caller_has_not_entered_only_where_that_was_looked_at()
    {
        Rule.Holds(Uses(Codebase.Real), use => GoesOn(use).Except(GoesOnAsTheSystem.Keys));
        Rule.Holds(Codebase.Real.Modules, module => ByMessage(module).Except(GoesOnAsTheSystem.Keys));
        Assert.Empty(
            GoesOnAsTheSystem
                .Keys.Except(Uses(Codebase.Real).SelectMany(GoesOn))
                .Except(Codebase.Real.Modules.SelectMany(ByMessage))
        );
    }

    [Fact]
    public void Going_on_as_the_system_elsewhere_is_caught() =>
        Assert.Equal(
            [
                "Practice.Bad.Features.BadEntersHandler acts as the system in a group",
                "Practice.Bad.Features.BadEntersHandler acts as the system in an account",
            ],
            Uses(Codebase.Bad).SelectMany(GoesOn).Distinct().Order(StringComparer.Ordinal)
        );

    [Fact]
    public void No_text_of_a_module_names_another() => Rule.Holds(Texts(Codebase.Real), NamesAnother);

    [Fact]
    public void A_text_that_names_another_module_is_caught_in_code_in_constants_and_in_attributes() =>
        Assert.Equal(
            [
                "Practice.Bad.BadNames: , Practice.Groups",
                "Practice.Bad.BadNames: Practice.Groups.Data.GroupsDbContext, Practice.Groups",
                "Practice.Bad.BadNames: Practice.Users.Data.UsersDbContext",
                "Practice.Bad.BadNames: made of two: Practice.Locations",
            ],
            Texts(Codebase.Bad).SelectMany(NamesAnother).Distinct().Order(StringComparer.Ordinal)
        );

    private static IEnumerable<(Module Module, Mention Mention)> Uses(Codebase code) =>
        from module in code.Modules
        from mention in Mentions.Of(module.Own.Il)
        select (module, mention);

    private static IEnumerable<(Module Module, WrittenText Written)> Texts(Codebase code) =>
        from module in code.Modules
        from written in Mentions.Texts(module.Own.Il).Concat(Mentions.Texts(module.Contracts.Il))
        select (module, written);

    private static IEnumerable<string> Detours((Module Module, Mention Mention) use) =>
        from forbidden in Forbidden
        where Regex.IsMatch(use.Mention.Name, forbidden.Pattern)
        select $"{use.Mention.User.FullName} {forbidden.Why}";

    private static IEnumerable<string> GoesOn((Module Module, Mention Mention) use) =>
        use.Mention.Name switch
        {
            "Practice.Shared.Messaging.UnitOfWork::ActAsSystemIn" =>
            [
                $"{use.Mention.User.FullName} acts as the system in a group",
            ],
            "Practice.Shared.Messaging.UnitOfWork::ActInAccount" =>
            [
                $"{use.Mention.User.FullName} acts as the system in an account",
            ],
            "Practice.Shared.Messaging.UnitOfWork::ActForPerson" => [$"{use.Mention.User.FullName} acts for a person"],
            "Practice.Shared.Messaging.UnitOfWork::ActForAddress" =>
            [
                $"{use.Mention.User.FullName} acts for an address",
            ],
            _ => [],
        };

    /// <summary>Handlers of the module's own messages that name an account or a person: the system acts there from the start.</summary>
    private static IEnumerable<string> ByMessage(Module module) =>
        from type in module.Own.Types
        from interfaceType in type.GetInterfaces()
        let acts = interfaceType == typeof(IInAccount) ? "as the system in an account"
        : interfaceType == typeof(IForPerson) ? "for a person"
        : null
        where acts is not null
        select $"{type.FullName}Handler acts {acts}";

    private static IEnumerable<string> NamesAnother((Module Module, WrittenText Written) one) =>
        from other in Codebase.AllModules
        where other != one.Module.Own.Name && Regex.IsMatch(one.Written.Text, $@"\b{Regex.Escape(other)}\b")
        select $"{one.Written.User.FullName}: {one.Written.Text}";
}
