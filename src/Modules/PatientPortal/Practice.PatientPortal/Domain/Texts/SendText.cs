namespace Practice.PatientPortal.Domain.Texts;

/// <summary>A text message to hand to the gateway. Its credit is taken already.</summary>
public sealed record SendText(Guid GroupId, Guid TextId) : Message, IInGroup;
