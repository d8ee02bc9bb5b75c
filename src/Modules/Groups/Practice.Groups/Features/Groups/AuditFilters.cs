using Practice.Groups.Domain;

namespace Practice.Groups.Features.Groups;

internal static class AuditFilters
{
    /// <summary>The filter of a query string, or what is wrong with it.</summary>
    public static ErrorOr<AuditFilter> Read(
        string? act,
        QueryValue<Guid>? actorId,
        QueryValue<Guid>? subjectId,
        QueryValue<Guid>? patientId,
        QueryValue<DateTimeOffset>? from,
        QueryValue<DateTimeOffset>? to
    )
    {
        var onlyAct = QueryText.Search(nameof(act), act);
        var actor = QueryText.Id(nameof(actorId), actorId);
        var subject = QueryText.Id(nameof(subjectId), subjectId);
        var patient = QueryText.Id(nameof(patientId), patientId);
        var begin = QueryText.Moment(nameof(from), from);
        var end = QueryText.Moment(nameof(to), to);
        List<Error> wrong =
        [
            .. onlyAct.ErrorsOrEmptyList,
            .. actor.ErrorsOrEmptyList,
            .. subject.ErrorsOrEmptyList,
            .. patient.ErrorsOrEmptyList,
            .. begin.ErrorsOrEmptyList,
            .. end.ErrorsOrEmptyList,
        ];
        return wrong.Count > 0
            ? wrong
            : new AuditFilter(onlyAct.Value, actor.Value, subject.Value, patient.Value, begin.Value, end.Value);
    }
}
