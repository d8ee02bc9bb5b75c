using System.Text.RegularExpressions;
using Mono.Cecil;
using Practice.Messages;

namespace Practice.Architecture.Tests;

/// <summary>
/// 2, where no reference is needed: a module does not reach another by its name in a text, by reflection or
/// <c>dynamic</c>, through the service provider, over HTTP, over its own database connection, or on another module's
/// behalf.
/// </summary>
public sealed class Rule02_Detours
{
    /// <summary>What no module may use, and what it would do with it.</summary>
    private static readonly (string Pattern, string Why)[] Forbidden =
    [
        (
            @"^System\.Type::(GetType|InvokeMember|GetMethods?|GetFields?|GetPropert(y|ies)|GetConstructors?"
                + @"|GetMembers?)$",
            LooksForCode
        ),
        (
            @"^System\.Reflection\.Assembly::(Load\w*|UnsafeLoadFrom|GetTypes?|GetExportedTypes|get_DefinedTypes"
                + @"|GetReferencedAssemblies|get_EntryPoint|GetEntryAssembly|GetCallingAssembly|CreateInstance)$",
            LooksForCode
        ),
        (
            @"^System\.Reflection\.(MethodBase|MethodInfo|ConstructorInfo)::Invoke$"
                + @"|^System\.Reflection\.(FieldInfo|PropertyInfo)::(Get|Set)Value$|^System\.Reflection\.Emit\.",
            CallsCode
        ),
        (
            @"^System\.(Activator::CreateInstance|AppDomain|Delegate::DynamicInvoke)|^System\.Runtime\.Loader\."
                + @"|UnsafeAccessorAttribute$|IgnoresAccessChecksToAttribute$",
            CallsCode
        ),
        (
            @"^Microsoft\.CSharp\.RuntimeBinder\.|^System\.Runtime\.CompilerServices\.CallSite|^System\.Dynamic\.",
            IsDynamic
        ),
        (
            @"^System\.Net\.(Http\.|Sockets\.(Socket|TcpClient|UdpClient|TcpListener|NetworkStream)(::|$)|WebRequest"
                + @"|WebClient|WebSockets\.)|^Microsoft\.AspNetCore\.SignalR\.Client",
            Network
        ),
        (
            @"^Npgsql\.Npgsql(Connection|DataSource|Command|Batch|MultiHost|Factory)"
                + @"|^System\.Data\.Common\.Db(Connection|Command|Batch|DataSource|Provider)|^System\.Data\.IDb",
            "has its own database connection"
        ),
        (
            @"^Microsoft\.EntityFrameworkCore\.Relational\w*DatabaseFacadeExtensions::(GetDbConnection|SetDbConnection"
                + @"|SetConnectionString|GetConnectionString|UseTransaction|OpenConnection)"
                + @"|::(UseNpgsql|GetConnectionString)$",
            "has its own database connection"
        ),
        (@"::(FromSqlRaw|SqlQueryRaw|ExecuteSqlRaw(Async)?)$", "runs SQL that is put together from text"),
        (
            @"^Practice\.Shared\.Persistence\.(PracticeDatabase|DatabaseSetup|Platform\.)"
                + @"|^Practice\.Shared\.Hosting\.(ModuleCatalogue|PracticeServices|PracticeMessaging::UsePractice)",
            "knows the databases of all modules"
        ),
        (
            @"^Practice\.Authorization\.(CallContext::(ActFor|\.ctor)|AuthorizationRequest::(\.ctor|WriteTo)"
                + @"|AccessRequirement::\.ctor|Caller::\.ctor|Authorizer)"
                + @"|^Practice\.Shared\.Messaging\.UnitOfWork::BeginAsync"
                + @"|^Practice\.Shared\.Persistence\.ModuleDbContext::ActFor$",
            "says itself on whose behalf it acts"
        ),
        (
            @"^Wolverine\.\w+::(InvokeAsync|InvokeForTenantAsync|StreamAsync|EndpointFor)$",
            "asks past IModuleBus, which checks that the answer is the promised one"
        ),
        (
            @"^Microsoft\.AspNetCore\.(Hosting\.IStartupFilter|Builder\.IApplicationBuilder|Builder\.UseExtensions"
                + @"|Http\.IMiddleware)",
            "answers calls outside its routes"
        ),
        (
            @"^Microsoft\.AspNetCore\.Http\.HttpContext::get_RequestServices$|^System\.IServiceProvider(::GetService)?$"
                + @"|ServiceProvider\w*Extensions::Get\w+$|IServiceScope(Factory)?$",
            ServiceProvider
        ),
        (
            @"^Microsoft\.AspNetCore\.Http\.HttpRequest::(get_Body|get_BodyReader|get_Form|ReadFormAsync)$"
                + @"|HttpRequest\w+Extensions::Read\w+$",
            RawBody
        ),
    ];

    private const string UnitOfWork = "Practice.Shared.Messaging.UnitOfWork";
    private const string CallContext = "Practice.Authorization.CallContext";

    private const string LooksForCode = "looks for code by reflection";
    private const string CallsCode = "calls code by reflection";
    private const string IsDynamic = "is dynamic: what it calls is not to be seen";
    private static readonly string[] ByName = [LooksForCode, CallsCode, IsDynamic];

    private const string Network = "calls over the network";
    private const string ServiceProvider = "asks the service provider";
    private const string RawBody = "reads a body past Body<T>";

    /// <summary>
    /// The few that have to: what runs between requests makes its own scope, what is registered is composed, and a file
    /// is no JSON.
    /// </summary>
    private static readonly string[] Allowed =
    [
        $"Practice.Groups.Data.ExpiredRowsCleanup {ServiceProvider}",
        $"Practice.PatientPortal.Features.Portal.Guardianship.RecalculateAgeLimitsAtStart {ServiceProvider}",
        $"Practice.PatientPortal.Features.Staff.Records.RemoveOrphanedFilesEveryHour {ServiceProvider}",
        $"Practice.Users.Data.ExpiredDataCleanup {ServiceProvider}",
        $"Practice.Users.Email.EmailRegistration {ServiceProvider}",
        $"Practice.Users.Passwords.SignInWarmUp {ServiceProvider}",
        $"Practice.Users.UsersModule {ServiceProvider}",
        $"Practice.Groups.Features.Members.Import.MemberFile {RawBody}",
        $"Practice.PatientPortal.Data.UploadedFile {RawBody}",
        $"Practice.PatientPortal.Texts.TextGateway {Network}",
        $"Practice.Users.Providers.IdentityProvider {Network}",
        $"Practice.Users.Providers.IdentityProviders {Network}",
        $"Practice.Webhooks.Delivery.WebhookClient {Network}",
    ];

    /// <summary>
    /// Where code acts as the system: in a group, in an account or for a person that its caller is not authorized for.
    /// Each makes sure in its own way that it may. Another one is a line here, for review.
    /// </summary>
    private static readonly Dictionary<string, string> ActsAsTheSystem = new()
    {
        ["Practice.Groups.Features.Groups.CreateGroupHandler acts as the system in a group"] =
            "the one that it has just made, and those that the person joined lately, to see whether they made them",
        ["Practice.Groups.Features.Invitations.AnswerInvitationHandler acts as the system in a group"] =
            "the one that the caller is invited to",
        ["Practice.Locations.Features.ArchiveLocationHandler acts as the system in a group"] =
            "the caller's own, beyond their locations, to see whether it is the last one",
        [
            "Practice.PatientPortal.Features.Portal.Guardianship.AnswerGuardianshipHandler acts as the system in an account"
        ] = "the one whose guardian asked the caller",
        [
            "Practice.PatientPortal.Features.Portal.Guardianship.LeaveGuardianshipHandler acts as the system in an account"
        ] = "the one that the caller is a guardian of, also when it no longer opens",
        ["Practice.PatientPortal.Features.Portal.Guardianship.AddDependantHandler acts as the system in an account"] =
            "the one that it has just made",
        ["Practice.PatientPortal.Features.Staff.Patients.ArchivePatientHandler acts as the system in a group"] =
            "the caller's own, to count what is still booked with others; who archives learns the number",
        ["Practice.PatientPortal.Features.Staff.Patients.InvitePatientHandler acts as the system in a group"] =
            "the caller's own, beyond their patients, to count the invitations of the day",
        ["Practice.PatientPortal.Features.Portal.Accounts.ClaimInvitationHandler acts as the system in a group"] =
            "the one whose mailed token the caller brings",
        ["Practice.PatientPortal.Features.Portal.Accounts.Claiming acts as the system in an account"] =
            "the caller's own, or one that they guard",
        ["Practice.PatientPortal.Features.Portal.Access.FindRequestedAccountHandler acts as the system in an account"] =
            "to leave a request there, of which the requester learns nothing",
        ["Practice.PatientPortal.Features.Portal.Access.FindRequestedAccountHandler acts for a person"] =
            "the requester",
        ["Practice.PatientPortal.Features.Portal.Access.FindGranteeHandler acts as the system in an account"] =
            "the one whose holder has given the grant",
        ["Practice.PatientPortal.Features.Portal.Guardianship.FindGuardianHandler acts as the system in an account"] =
            "the one whose guardian has named another",
        ["Practice.PatientPortal.Data.GrantAssignment acts for a person"] =
            "the one let in, to end requests that have no effect any more",
        ["Practice.PatientPortal.Data.OwnAccounts acts as the system in an account"] = "the one that it has just made",
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
        ["Practice.PatientPortal.Data.AccountReaders acts as the system in a group"] =
            "each that has paused the address which the person has proved",
        ["Practice.PatientPortal.Data.AccountReaders acts as the system in an account"] =
            "the one that the caller guards, or shall guard, to find whether a practice has paused who asks for it",
        ["Practice.PatientPortal.Data.LinkedPatients acts as the system in a group"] =
            "each that has the caller's account linked, to lock the patient for what is sent",
        ["Practice.PatientPortal.Data.PatientVisibility acts as the system in a group"] =
            "counts what the caller does not see of a patient, and shows nothing of it",
        ["Practice.PatientPortal.Data.PatientReaders acts as the system in an account"] =
            "the one that the group's own patient is linked to, to say who opens it",
        [
            "Practice.PatientPortal.Features.Staff.PatientAccess.ListPatientAccessHandler acts as the system in an account"
        ] = "the one that the group's own patient is linked to, to say who opens it",
        [
            "Practice.PatientPortal.Features.Staff.PatientAccess.PausePatientAccessHandler acts as the system in an account"
        ] = "the one that the group's own patient is linked to, to find whom the practice keeps out",
        [
            "Practice.PatientPortal.Features.Staff.PatientAccess.ResumePatientAccessHandler acts as the system in an account"
        ] = "the one that the group's own patient is linked to, to find whom it shows its records again",
        ["Practice.PatientPortal.Features.Staff.Patients.ReadPatientHandler acts as the system in an account"] =
            "the one that the group's own patient is linked to, to say whose it is",
        ["Practice.PatientPortal.Features.Staff.Patients.UnlinkPatientHandler acts as the system in a group"] =
            "the caller's own, beyond the records that they see, so that none stays linked",
        ["Practice.PatientPortal.Features.Staff.Patients.UnlinkPatientHandler acts as the system in an account"] =
            "the one that the group's own patient is linked to, to tell its holder",
        ["Practice.PatientPortal.Data.OverlappingAppointments acts as the system in a group"] =
            "the caller's own, to find what takes up a slot; what they do not see is not named",
        ["Practice.PatientPortal.Features.Staff.Calendar.ListFreeSlotsHandler acts as the system in a group"] =
            "the caller's own, to leave out what is booked; the answer says when, not who",
        [
            "Practice.PatientPortal.Features.Staff.Calendar.CountBookedAppointmentsHandler acts as the system in a group"
        ] = "the caller's own, to count what stays booked; who manages users or locations learns no more",
        ["Practice.PatientPortal.Features.Portal.Accounts.ChangeDetailsHandler acts as the system in a group"] =
            "each that has the caller's account linked, to change how to reach the patient",
        ["Practice.PatientPortal.Features.Portal.Accounts.ChangeDetailsHandler acts as the system in an account"] =
            "the caller's own, beyond the practices that they see, to find whether one relies on the date",
        ["Practice.PatientPortal.EventHandlers.SyncOwnAccountHandler acts as the system in an account"] =
            "the person's own",
        ["Practice.PatientPortal.EventHandlers.SyncPersonHandler acts as the system in an account"] =
            "each that the person guards",
        ["Practice.PatientPortal.EventHandlers.SyncPersonHandler acts for a person"] =
            "the one whose account has changed",
        ["Practice.PatientPortal.Data.PatientRecipients acts as the system in an account"] =
            "the one that the group's own patient is linked to, to find who is told about an appointment",
        ["Practice.PatientPortal.Data.PendingGrantAssignment acts as the system in an account"] =
            "each that offers something to the address",
        ["Practice.PatientPortal.Data.PendingGrantAssignment acts for an address"] =
            "the one that the person has proved",
    };

    [Fact]
    public void No_type_of_a_module_takes_a_detour_to_another() =>
        Rule.Holds(Uses(Codebase.Real), mention => Detours(mention).Except(Allowed));

    /// <summary>A line that is no longer needed is removed.</summary>
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
    public void Code_acts_as_the_system_only_where_that_was_reviewed()
    {
        Rule.Holds(Uses(Codebase.Real), use => ActsAs(use).Except(ActsAsTheSystem.Keys));
        Rule.Holds(Codebase.Real.Modules, module => ByMessage(module).Except(ActsAsTheSystem.Keys));
        Assert.Empty(
            ActsAsTheSystem
                .Keys.Except(Uses(Codebase.Real).SelectMany(ActsAs))
                .Except(Codebase.Real.Modules.SelectMany(ByMessage))
        );
    }

    [Fact]
    public void Acting_as_the_system_elsewhere_is_caught() =>
        Assert.Equal(
            [
                "Practice.Bad.Features.BadActsAsSystemHandler acts as the system in a group",
                "Practice.Bad.Features.BadActsAsSystemHandler acts as the system in an account",
            ],
            Uses(Codebase.Bad).SelectMany(ActsAs).Distinct().Order(StringComparer.Ordinal)
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

    /// <summary>Whether it finds or runs code by its name: also for those who are no module.</summary>
    internal static bool FindsCode(Mention mention) =>
        Forbidden.Any(forbidden => ByName.Contains(forbidden.Why) && Regex.IsMatch(mention.Name, forbidden.Pattern));

    /// <summary>By the unit of work, or by the context that it asks.</summary>
    private static IEnumerable<string> ActsAs((Module Module, Mention Mention) use) =>
        from acts in use.Mention.Name.Split("::") switch
        {
            [UnitOfWork or CallContext, "ActAsSystemIn"] => ["as the system in a group"],
            [UnitOfWork or CallContext, "ActInAccount"] => ["as the system in an account"],
            [UnitOfWork or CallContext, "ActForPerson"] => ["for a person"],
            [UnitOfWork or CallContext, "ActForAddress"] => ["for an address"],
            _ => Array.Empty<string>(),
        }
        select $"{use.Mention.User.FullName} acts {acts}";

    /// <summary>
    /// Handlers of the module's own messages that name an account or a person act there as the system from the start.
    /// </summary>
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
