using Hl7.Fhir.Model;
using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Fhir;

namespace Practice.Groups.Features.Fhir;

/// <summary>
/// What each member does at which location (https://hl7.org/fhir/R4/practitionerrole.html): one a member and location,
/// and one for a member who works at none.
/// </summary>
internal sealed class ReadFhirPractitionerRolesEndpoint : ICarterModule
{
    private const string Path = "/fhir/groups/{groupId:guid}/PractitionerRole";

    private static readonly FhirType Type = new(
        ResourceType.PractitionerRole,
        "A member's work at one location, or in the practice for a member without locations.",
        Versioned: true,
        new FhirParameter("practitioner", SearchParamType.Reference, "Whose it is.", ResourceType.Practitioner),
        new FhirParameter("location", SearchParamType.Reference, "Where.", ResourceType.Location),
        new FhirParameter("active", SearchParamType.Token, "Whether the membership is.")
    );

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet($"{Path}/{{id}}", Get).RequireMember().ReadsFhir(Type);
        app.MapGet(Path, Get).RequireMember().SearchesFhir(Type);
        app.MapPost($"{Path}/_search", Get).RequireMember().SearchesFhir(Type);
    }

    /// <summary>A page ends with a member: the few locations of one member are never torn apart.</summary>
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

        var members = db.Memberships.AsNoTracking().Where(member => member.GroupId == groupId);
        var ids = search.IdTexts();
        if (ids is not null)
        {
            var people = ids.Select(id => FhirIds.ReadPair(id)?.First ?? FhirIds.Read(id)).OfType<Guid>().ToList();
            members = members.Where(member => people.Contains(member.UserId));
        }

        if (search.References("practitioner") is { } practitioners)
            members = members.Where(member => practitioners.Contains(member.UserId));
        var at = search.References("location");
        if (at is not null)
            members = members.Where(member => member.LocationIds.Any(location => at.Contains(location)));
        if (search.Codes("active") is { } active)
        {
            var (yes, no) = (active.Contains("true"), active.Contains("false"));
            members = members.Where(member => member.Status == MemberStatus.Active ? yes : no);
        }

        members = members.ChangedWhen(search, member => member.UpdatedAt);
        var rows = await members.PageOf(search, member => member.UpdatedAt, member => member.UserId).ToListAsync(ct);
        return Answer(http, search, rows, ids, at);
    }

    private static IResult Answer(
        HttpContext http,
        FhirSearch search,
        List<Membership> rows,
        IReadOnlyList<string>? ids,
        IReadOnlyList<Guid>? at
    )
    {
        var roles = new List<PractitionerRole>();
        var shown = 0;
        foreach (var member in rows.Take(search.Count))
        {
            List<PractitionerRole> more =
            [
                .. Places(member)
                    .Where(place => at is null || (place is { } location && at.Contains(location)))
                    .Select(place => ResourceOf(member, place))
                    .Where(role => ids is null || ids.Contains(role.Id)),
            ];
            if (shown > 0 && roles.Count + more.Count > search.Count)
                break;
            roles.AddRange(more);
            shown++;
        }

        ErrorOr<FhirPage> page = FhirSearch.Page(
            roles,
            shown < rows.Count
                ? (search.ByChange ? rows[shown - 1].UpdatedAt : default, $"{rows[shown - 1].UserId}")
                : null
        );
        return page.ToFhir(http, search);
    }

    private static IEnumerable<Guid?> Places(Membership member) =>
        member.LocationIds.Count == 0 ? [null] : member.LocationIds.Order().Cast<Guid?>();

    private static PractitionerRole ResourceOf(Membership member, Guid? location) =>
        new()
        {
            Id = location is { } one ? FhirIds.Pair(member.UserId, one) : $"{member.UserId}",
            Meta = FhirResults.Meta(member.UpdatedAt),
            Active = member.IsActive,
            Period = new()
            {
                StartElement = FhirResults.Time(member.JoinedAt),
                EndElement = member.DeactivatedAt is { } end ? FhirResults.Time(end) : null,
            },
            Practitioner = FhirResults.To(ResourceType.Practitioner, member.UserId, member.DisplayName),
            Organization = FhirResults.To(ResourceType.Organization, member.GroupId),
            Code = [FhirProfessions.Of(member.Profession)],
            Location = location is { } place ? [FhirResults.To(ResourceType.Location, place)] : [],
            Telecom = FhirPeople.Telecom(null, member.Email),
        };
}
