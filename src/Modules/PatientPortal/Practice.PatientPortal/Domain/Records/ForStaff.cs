namespace Practice.PatientPortal.Domain.Records;

// Told within the module: what staff are to be notified of. Each finds out who may handle it by then.

/// <summary>A request that staff answer came from the portal.</summary>
public sealed record RequestArrived(Guid GroupId, Guid RequestId) : Message, IInGroup;

/// <summary>An appointment was cancelled.</summary>
/// <param name="ById">Who cancelled it: nobody is told what they did themselves.</param>
public sealed record CancellationMade(Guid GroupId, Guid AppointmentId, Guid ById, bool ByPatient) : Message, IInGroup;

/// <summary>The portal changed contact details of a patient.</summary>
/// <param name="ById">Who changed them.</param>
public sealed record ContactChanged(Guid GroupId, Guid PatientId, Guid? ById) : Message, IInGroup;
