using System.Linq.Expressions;
using Gatehouse.Contracts.Api;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Lists;

/// <summary>Pages by key: stable while others insert and delete, and as fast on the last page as on the first.</summary>
internal static class Paging
{
    /// <summary>One page of rows that are ordered by a text key.</summary>
    /// <typeparam name="TRow">Row.</typeparam>
    /// <typeparam name="TItem">Item.</typeparam>
    /// <param name="rows">All rows of the list.</param>
    /// <param name="key">The key that orders them; unique.</param>
    /// <param name="query">Which page.</param>
    /// <param name="list">Name of the list, for its continue tokens.</param>
    /// <param name="map">Makes the item of a row.</param>
    /// <param name="cancellationToken">Ends the queries.</param>
    public static async Task<ListPage<TItem>> PageAsync<TRow, TItem>(
        this IQueryable<TRow> rows, Expression<Func<TRow, string>> key, ListQuery query, string list, Func<TRow, TItem> map, CancellationToken cancellationToken)
    {
        rows = Containing(rows, key, query.Search);
        var page = await After(rows, key, query.After).OrderBy(key).Take(query.Limit + 1).ToListAsync(cancellationToken);
        if (page.Count <= query.Limit)
            return new ListPage<TItem>([.. page.Select(map)]);
        page.RemoveAt(query.Limit);
        var last = key.Compile()(page[^1]);
        var remaining = await After(rows, key, last).LongCountAsync(cancellationToken);
        return new ListPage<TItem>([.. page.Select(map)], ContinueToken.After(list, last), remaining);
    }

    private static IQueryable<TRow> After<TRow>(IQueryable<TRow> rows, Expression<Func<TRow, string>> key, string? after)
    {
        if (after is null)
            return rows;
        return Where(rows, key, name => string.Compare(name, after) > 0);
    }

    private static IQueryable<TRow> Containing<TRow>(IQueryable<TRow> rows, Expression<Func<TRow, string>> key, string? search) =>
        search is null ? rows : Where(rows, key, name => name.Contains(search));

    private static IQueryable<TRow> Where<TRow>(IQueryable<TRow> rows, Expression<Func<TRow, string>> key, Expression<Func<string, bool>> condition)
    {
        var body = new Replacement(condition.Parameters[0], key.Body).Visit(condition.Body)!;
        return rows.Where(Expression.Lambda<Func<TRow, bool>>(body, key.Parameters));
    }

    private sealed class Replacement(Expression from, Expression to) : ExpressionVisitor
    {
        public override Expression? Visit(Expression? node) => node == from ? to : base.Visit(node);
    }
}
