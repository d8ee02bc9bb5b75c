using Microsoft.AspNetCore.Http;
using Practice.Client;

namespace Practice.Web;

/// <summary>The portal account in the address, and the others that the person can open. Read once per page.</summary>
public sealed class CurrentAccount(IHttpContextAccessor accessor, PracticeApi api)
{
    private Task<Account>? _read;

    /// <exception cref="ApiProblemException">404 or 403 where the person has no access.</exception>
    public Task<Account> ReadAsync() => _read ??= LoadAsync();

    private async Task<Account> LoadAsync()
    {
        var id = Guid.Parse((string)accessor.HttpContext!.Request.RouteValues["accountId"]!);
        var me = api.GetMeAsync();
        var unread = api.CountUnreadNotificationsAsync();
        var accounts = await api.AllPortalAccountsAsync();
        var open = accounts.SingleOrDefault(account => account.AccountId == id);
        if (open is null)
        {
            // Throws the reason; reading it every time would add an access log entry per page.
            await api.ReadAccountAsync(id);
            accounts = await api.AllPortalAccountsAsync(); // access was given just now
            open = accounts.SingleOrDefault(account => account.AccountId == id) ?? throw ApiProblemException.NotFound();
        }

        return new Account(
            open,
            [.. accounts.OrderBy(account => account.Relation)],
            (await me).Result,
            (await unread).Result.Count
        );
    }

    /// <param name="Accounts">All that the person can open, their own first.</param>
    public sealed record Account(OpenableAccount Open, IReadOnlyList<OpenableAccount> Accounts, MeView Me, int Unread)
    {
        public Guid Id => Open.AccountId;

        public string Name => Open.Name;

        /// <summary>Its dates are in this zone.</summary>
        public string TimeZone => Open.TimeZone;

        /// <summary>For a sentence: <c>your</c>, or the name in the possessive.</summary>
        public string Whose => IsOwn ? "your" : $"{Name}’s";

        /// <summary>The path of this account's pages.</summary>
        public string Path => $"/portal/{Id}";

        public bool IsOwn => Open.Relation == AccountRelation.Self;

        public bool IsDependant => Open.Relation == AccountRelation.Dependant;

        /// <summary>Whether the person has their own account, this one or another.</summary>
        public bool HasOwn => Accounts.Any(account => account.Relation == AccountRelation.Self);

        /// <summary>The accounts that the person manages as a guardian.</summary>
        public IEnumerable<OpenableAccount> Dependants =>
            Accounts.Where(account => account.Relation == AccountRelation.Dependant);

        /// <summary>Whether the person decides who else has access.</summary>
        public bool IsHolder => Open.Relation != AccountRelation.Granted;

        /// <summary>The date in the account's zone.</summary>
        public string FormatDay(DateTimeOffset at) => DateFormat.Text(DateFormat.DayOf(at, TimeZone));

        public bool MayEdit => Open.Role == PortalRole.Edit;

        public bool SeesClinical => Open.Level == PortalLevel.Clinical;
    }
}
