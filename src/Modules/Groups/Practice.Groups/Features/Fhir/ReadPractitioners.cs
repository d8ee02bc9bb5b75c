using Hl7.Fhir.Model;
using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Fhir;

namespace Practice.Groups.Features.Fhir;

/// <summary>
/// The practice's members (https://hl7.org/fhir/R4/practitioner.html): FHIR's practitioners are all who work for it,
/// the receptionist too.
/// </summary>
internal sealed class ReadFhirPractitionersEndpoint : ICarterModule
{
    private const string Path = "/fhir/groups/{groupId:guid}/Practitioner";

    private static readonly FhirType Type = new(
        ResourceType.Practitioner,
        "A member of the practice, the office included. Deactivated members are not active.",
        Versioned: true,
        new("identifier", SearchParamType.Token, "The registration number with Ahpra."),
        new("name", SearchParamType.String, "The beginning of a word of the name, or with :exact a whole name."),
        new("active", SearchParamType.Token, "Whether the membership is.")
    );

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet($"{Path}/{{id}}", Get).RequireMember().ReadsFhir(Type);
        app.MapGet(Path, Get).RequireMember().SearchesFhir(Type);
        app.MapPost($"{Path}/_search", Get).RequireMember().SearchesFhir(Type);
    }

    private static async Task<IResult> Get(
        Guid groupId,
        FhirSearch search,
        HttpContext http,
        GroupsDbContext db,
        CancellationToken ct
    )
    {
        if (search.Errors.Count > 0)
            return Problems.ToProblem(search.Errors);

        var members = Narrow(
            db.Memberships.AsNoTracking().Where(member => member.GroupId == groupId),
            db,
            groupId,
            search
        );
        ErrorOr<FhirPage> page = search.Page(
            await members.PageOf(search, member => member.UpdatedAt, member => member.UserId).ToListAsync(ct),
            ResourceOf,
            member => (search.ByChange ? member.UpdatedAt : default, $"{member.UserId}")
        );
        return page.ToFhir(http, search);
    }

    private static IQueryable<Membership> Narrow(
        IQueryable<Membership> members,
        GroupsDbContext db,
        Guid groupId,
        FhirSearch search
    )
    {
        if (search.Ids() is { } ids)
            members = members.Where(member => ids.Contains(member.UserId));
        if (search.Identifiers("identifier", FhirSystems.Ahpra) is var (any, numbers))
            members = members.Where(member =>
                any ? member.RegistrationNumber != null : numbers.Contains(member.RegistrationNumber!)
            );
        if (search.Codes("active") is { } active)
        {
            var (yes, no) = (active.Contains("true"), active.Contains("false"));
            members = members.Where(member => member.Status == MemberStatus.Active ? yes : no);
        }

        foreach (var (text, exact) in search.Texts("name"))
        {
            // Found by the index, which knows more words than those of the name.
            members = members.Where(member => db.FindMembers(groupId, text).Any(found => found.Id == member.UserId));
            members = exact
                ? members.Where(member =>
                    member.FirstName == text
                    || member.LastName == text
                    || member.FirstName + " " + member.LastName == text
                )
                : members.Where(member =>
                    (
                        " "
                        + EF.Property<string>(member, MembershipConfiguration.FirstNameKey)
                        + " "
                        + EF.Property<string>(member, MembershipConfiguration.LastNameKey)
                    ).Contains(" " + GroupsDbContext.Fold(text))
                );
        }

        return members.ChangedWhen(search, member => member.UpdatedAt);
    }

    private static Practitioner ResourceOf(Membership member) =>
        new()
        {
            Id = member.UserId.ToString(),
            Meta = FhirResults.Meta(member.UpdatedAt),
            Identifier = member.RegistrationNumber is { } number ? [new(FhirSystems.Ahpra, number)] : [],
            Active = member.IsActive,
            Name = [FhirPeople.Name(member.Title, member.FirstName, member.LastName)],
            Telecom = FhirPeople.Telecom(null, member.Email),
            Qualification =
                member.RoleType == RoleType.Practitioner
                    ? [new() { Code = FhirProfessions.Of(member.Profession) }]
                    : [],
        };
}
