using Hl7.Fhir.Model;
using Practice.Contracts.Groups;
using Practice.Shared.Fhir;

namespace Practice.PatientPortal.Features.Fhir;

/// <summary>Who wrote something: a member, or an API client, which is no resource here.</summary>
internal static class FhirWriters
{
    /// <summary>Of these, the API clients of the practice, with their names.</summary>
    public static async Task<IReadOnlyDictionary<Guid, string>> FindClientsAsync(
        this IModuleBus bus,
        Guid groupId,
        IEnumerable<Guid> ids,
        CancellationToken ct
    ) =>
        ids.Distinct().ToList() is { Count: > 0 } some
            ? (await bus.QueryAsync(new FindMembers(groupId, some), ct))
                .Members.Where(member => member.IsClient)
                .ToDictionary(client => client.UserId, client => client.Name)
            : new Dictionary<Guid, string>();

    public static ResourceReference Of(Guid id, IReadOnlyDictionary<Guid, string> clients, string? name = null) =>
        clients.TryGetValue(id, out var client)
            ? FhirResults.Device(name ?? client)
            : FhirResults.To(ResourceType.Practitioner, id, name);
}
