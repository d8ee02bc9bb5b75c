namespace Practice.PatientPortal.Domain.Patients;

/// <summary>Told within the module, once the patient can be seen.</summary>
public sealed record PatientAdded(Guid GroupId, Guid PatientId) : Message, IInGroup;
