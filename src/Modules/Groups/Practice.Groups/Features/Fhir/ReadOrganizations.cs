using Hl7.Fhir.Model;
using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Shared.Fhir;

namespace Practice.Groups.Features.Fhir;

/// <summary>The practice itself (https://hl7.org/fhir/R4/organization.html).</summary>
internal sealed class ReadFhirOrganizationsEndpoint : ICarterModule
{
    private const string Path = "/fhir/groups/{groupId:guid}/Organization";

    private static readonly FhirType Type = new(
        ResourceType.Organization,
        "The practice: there is one.",
        Versioned: true,
        new("identifier", SearchParamType.Token, "The number under which the practice pays tax."),
        new("name", SearchParamType.String, "The beginning of a word of the name, or with :exact the whole name."),
        new("active", SearchParamType.Token, "true.")
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

        var groups = Narrow(db.Groups.AsNoTracking().Where(group => group.Id == groupId), search);
        ErrorOr<FhirPage> page = search.Page(await groups.ToListAsync(ct), ResourceOf, group =>
            (default, $"{group.Id}")
        );
        return page.ToFhir(http, search);
    }

    private static IQueryable<Domain.Group> Narrow(IQueryable<Domain.Group> groups, FhirSearch search)
    {
        if (search.AfterId is { } last)
            groups = groups.Where(group => group.Id > last);
        if (search.Ids() is { } ids)
            groups = groups.Where(group => ids.Contains(group.Id));
        if (search.Identifiers("identifier", FhirSystems.Abn) is var (any, numbers))
        {
            List<string> wanted = [.. numbers.Select(WithoutBlanks)];
            groups = groups.Where(group =>
                any ? group.BusinessNumber != null : wanted.Contains(group.BusinessNumber!.Replace(" ", ""))
            );
        }

        if (search.Codes("active") is { } active)
            groups = groups.Where(_ => active.Contains("true"));
        foreach (var (text, exact) in search.Texts("name"))
            groups = exact
                ? groups.Where(group => group.Name == text)
                : groups.Where(group =>
                    (" " + GroupsDbContext.Fold(group.Name)).Contains(" " + GroupsDbContext.Fold(text))
                );
        return groups.ChangedWhen(search, group => group.UpdatedAt);
    }

    private static Organization ResourceOf(Domain.Group group) =>
        new()
        {
            Id = group.Id.ToString(),
            Meta = FhirResults.Meta(group.UpdatedAt),
            Identifier = group.BusinessNumber is { } number ? [new(FhirSystems.Abn, WithoutBlanks(number))] : [],
            Active = true,
            Type = [new("http://terminology.hl7.org/CodeSystem/organization-type", "prov")],
            Name = group.Name,
            Telecom = FhirPeople.Telecom(group.Phone, null),
            Address = FhirPeople.Address(group.Address),
        };

    /// <summary>The system of ABNs writes them as digits; a practice writes them in groups.</summary>
    private static string WithoutBlanks(string number) => number.Replace(" ", "", StringComparison.Ordinal);
}
