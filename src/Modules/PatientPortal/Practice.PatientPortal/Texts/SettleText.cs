using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Texts;

namespace Practice.PatientPortal.Texts;

/// <summary>Stores what became of a text message. One that was refused has its credit returned.</summary>
public sealed record SettleText(Guid GroupId, Guid TextId, TextStatus Status, string? GatewayId, string? Problem)
    : Message,
        ICommand<Success>,
        IInGroup;

public static class SettleTextHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        SettleText command,
        PatientPortalDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        if (await db.LockTextAsync(command.GroupId, command.TextId, ct) is not { Status: TextStatus.Sending } text)
            return Result.Success;
        if (command.Status == TextStatus.Refused)
            db.EndUnsent(text, TextStatus.Refused, now, command.Problem, command.GatewayId);
        else
            text.Become(command.Status, now, command.Problem, command.GatewayId);
        return Result.Success;
    }
}
