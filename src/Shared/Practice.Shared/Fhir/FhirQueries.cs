using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace Practice.Shared.Fhir;

/// <summary>What every type's search does to its query.</summary>
public static class FhirQueries
{
    /// <summary>Those that changed when the search asks for.</summary>
    public static IQueryable<T> ChangedWhen<T>(
        this IQueryable<T> rows,
        FhirSearch search,
        Expression<Func<T, DateTimeOffset>> updatedAt
    )
    {
        var changed = search.LastUpdated;
        if (changed.From is { } from)
            rows = rows.Where(Of<T>((DateTimeOffset at) => at >= from, updatedAt));
        if (changed.Until is { } before)
            rows = rows.Where(Of<T>((DateTimeOffset at) => at < before, updatedAt));
        return rows;
    }

    /// <summary>The search's page, by id or by change, and a row more if there is one.</summary>
    public static IQueryable<T> PageOf<T>(
        this IQueryable<T> rows,
        FhirSearch search,
        Expression<Func<T, DateTimeOffset>> updatedAt,
        Expression<Func<T, Guid>> id
    )
    {
        if (search.AfterMomentAndId is var (moment, last))
            rows = rows.Where(
                search.ByChange
                    ? Of<T>(
                        (DateTimeOffset at, Guid one) =>
                            EF.Functions.GreaterThan(ValueTuple.Create(at, one), ValueTuple.Create(moment, last)),
                        updatedAt,
                        id
                    )
                    : Of<T>((Guid one) => one > last, id)
            );
        return (search.ByChange ? rows.OrderBy(updatedAt).ThenBy(id) : rows.OrderBy(id)).Take(search.Rows);
    }

    /// <summary>A condition on values, as one on the rows that have them.</summary>
    private static Expression<Func<T, bool>> Of<T>(LambdaExpression condition, params LambdaExpression[] values)
    {
        var row = Expression.Parameter(typeof(T));
        var body = condition.Body;
        for (var i = 0; i < values.Length; i++)
            body = Replace(body, condition.Parameters[i], Replace(values[i].Body, values[i].Parameters[0], row));
        return Expression.Lambda<Func<T, bool>>(body, row);
    }

    private static Expression Replace(Expression within, ParameterExpression what, Expression by) =>
        new Replacement(what, by).Visit(within);

    private sealed class Replacement(ParameterExpression what, Expression by) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == what ? by : node;
    }
}
