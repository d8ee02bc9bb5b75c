using Hl7.Fhir.Model;
using Practice.Groups.Domain;
using Practice.Shared.Fhir;

namespace Practice.Groups.Features.Fhir;

internal static class FhirProfessions
{
    private static readonly Dictionary<string, string> Names = Professions.All.ToDictionary(
        profession => profession.Code,
        profession => profession.Name
    );

    /// <summary>With the practice's own code: the lists that FHIR offers differ by country.</summary>
    public static CodeableConcept Of(string code) =>
        new(FhirSystems.Profession, code, Names.GetValueOrDefault(code), Names.GetValueOrDefault(code));
}
