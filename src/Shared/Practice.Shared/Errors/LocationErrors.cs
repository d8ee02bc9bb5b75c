using ErrorOr;

namespace Practice.Shared.Errors;

/// <summary>Errors of module Locations that other modules answer too, where a call names a location.</summary>
public static class LocationErrors
{
    public static Error Unknown { get; } =
        ApiError.Unprocessable("locations.unknown_location", "The practice has no such location.");

    public static Error Archived { get; } =
        ApiError.Unprocessable("locations.archived", "This location is archived. Choose another one.");
}
