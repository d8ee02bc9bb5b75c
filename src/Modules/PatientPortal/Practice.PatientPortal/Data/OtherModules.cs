using Practice.Contracts.Groups;
using Practice.Contracts.Locations;
using Practice.Contracts.Users;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Data;

/// <summary>What handlers ask other modules, before they lock anything.</summary>
internal static class OtherModules
{
    /// <summary>The account of a person who is signed in, and so has one.</summary>
    public static async Task<AccountFacts> GetAccountAsync(this IModuleBus bus, Guid userId, CancellationToken ct) =>
        (await bus.QueryAsync(new FindAccount(userId), ct)).Account!;

    /// <summary>The person who has confirmed this address; null where there is none.</summary>
    public static async Task<AccountFacts?> FindConfirmedAccountAsync(
        this IModuleBus bus,
        string email,
        CancellationToken ct
    ) =>
        (await bus.QueryAsync(new FindAccountByEmail(email), ct)).Account is { EmailConfirmed: true } person
            ? person
            : null;

    /// <summary>The group that the caller was authorized for, and so exists.</summary>
    public static async Task<GroupFacts> GetGroupAsync(this IModuleBus bus, Guid groupId, CancellationToken ct) =>
        (await bus.QueryAsync(new FindGroup(groupId), ct)).Group!;

    /// <summary>Practitioners write clinical records, and members with access to others' records.</summary>
    public static bool MayRecord(this MemberFacts member, Caller caller) =>
        member.Practitioner || caller.May(Access.OthersClinicalRecords);

    public static async Task<MemberFacts?> FindMemberAsync(
        this IModuleBus bus,
        Guid groupId,
        Guid userId,
        CancellationToken ct
    ) => (await bus.QueryAsync(new FindMembers(groupId, [userId]), ct)).Members.SingleOrDefault();

    public static async Task<LocationFacts?> FindLocationAsync(
        this IModuleBus bus,
        Guid groupId,
        Guid locationId,
        CancellationToken ct
    ) => (await bus.QueryAsync(new FindLocations(groupId, [locationId]), ct)).Locations.SingleOrDefault();

    public static async Task<BookingFacts> FindBookingFactsAsync(
        this IModuleBus bus,
        Guid groupId,
        Booking booking,
        CancellationToken ct
    ) =>
        new(
            await bus.FindMemberAsync(groupId, booking.PractitionerId, ct),
            await bus.FindLocationAsync(groupId, booking.LocationId, ct)
        );
}
