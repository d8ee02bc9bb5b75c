using System.Text.Json;
using System.Text.Json.Serialization;

namespace Practice.Benchmarks.Raw;

internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

internal sealed record Member(
    Guid UserId,
    string? Title,
    string FirstName,
    string LastName,
    string Email,
    string RoleType,
    string Profession,
    string? RegistrationNumber,
    bool RegistrationPending,
    string AccessLevel,
    bool Owner,
    string Status,
    Guid[] LocationIds,
    DateTimeOffset JoinedAt,
    DateTimeOffset? DeactivatedAt,
    bool Left
);

internal sealed record Patient(
    Guid Id,
    string Code,
    string FirstName,
    string LastName,
    string? Email,
    string? Phone,
    string? Address,
    EmergencyContact? EmergencyContact,
    string? Sex,
    DateOnly DateOfBirth,
    Guid? LocationId,
    DateTimeOffset AddedAt,
    string Portal,
    DateTimeOffset? ArchivedAt,
    object? Link
);

internal sealed record EmergencyContact(string? Name, string? Phone, string? Relation);

internal sealed record Grant(
    Guid GrantId,
    string? Name,
    string Email,
    string Role,
    string Level,
    string Status,
    DateTimeOffset RequestedAt,
    DateOnly? EndsOn,
    string[] PausedBy
);

internal sealed record MyGroup(
    Guid Id,
    string Name,
    string RoleType,
    string AccessLevel,
    bool Owner,
    bool Current,
    int? IdleMinutes
);

internal sealed record NewLocation(string Name, string TimeZone);

internal sealed record NewResource(Guid Id);

internal sealed record ListedPatients(IEnumerable<Guid> Patients);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Page<Member>))]
[JsonSerializable(typeof(Page<Patient>))]
[JsonSerializable(typeof(Page<Grant>))]
[JsonSerializable(typeof(Page<MyGroup>))]
[JsonSerializable(typeof(NewLocation))]
[JsonSerializable(typeof(NewResource))]
[JsonSerializable(typeof(ListedPatients))]
internal sealed partial class RawJson : JsonSerializerContext;
