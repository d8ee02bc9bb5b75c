using Microsoft.AspNetCore.Http;
using Practice.Client;

namespace Practice.Web;

/// <summary>The portal account that the address names, and the others that the person may open; read once for a page.</summary>
public sealed class CurrentAccount(IHttpContextAccessor accessor, PracticeApi api)
{
    private Task<Account>? _read;

    /// <exception cref="ApiRefusedException">404 or 403 where the person may not open it.</exception>
    public Task<Account> ReadAsync() => _read ??= LoadAsync();

    private async Task<Account> LoadAsync()
    {
        var id = Guid.Parse((string)accessor.HttpContext!.Request.RouteValues["accountId"]!);
        var me = api.GetMeAsync();
        var unread = api.CountUnreadNotificationsAsync();
        var accounts = (await api.ListPortalAccountsAsync(limit: 200)).Result.Items;
        var open = accounts.SingleOrDefault(account => account.AccountId == id);
        if (open is null)
            await api.ReadAccountAsync(id); // says why not; reading it each time would leave a receipt with every page
        return new Account(
            open!,
            [.. accounts.OrderBy(account => account.Relation)],
            (await me).Result,
            (await unread).Result.Count
        );
    }

    /// <param name="Accounts">All that the person may open, their own first.</param>
    public sealed record Account(OpenableAccount Open, IReadOnlyList<OpenableAccount> Accounts, MeView Me, int Unread)
    {
        public Guid Id => Open.AccountId;

        public string Name => Open.Name;

        /// <summary>The zone in which its days are reckoned.</summary>
        public string TimeZone => Open.TimeZone;

        /// <summary>Whose it is, in a sentence: <c>your</c>, or the name with its 's.</summary>
        public string Whose => IsOwn ? "your" : $"{Name}’s";

        /// <summary>Where this account's pages begin.</summary>
        public string Path => $"/portal/{Id}";

        public bool IsOwn => Open.Relation == AccountRelation.Self;

        public bool IsDependant => Open.Relation == AccountRelation.Dependant;

        /// <summary>Whether the person has an account of their own, this one or another.</summary>
        public bool HasOwn => Accounts.Any(account => account.Relation == AccountRelation.Self);

        /// <summary>Whether the person decides who else may open it.</summary>
        public bool IsHolder => Open.Relation != AccountRelation.Granted;

        /// <summary>The day on which something was, in its zone.</summary>
        public string Day(DateTimeOffset at) => Moments.Text(DateOnly.FromDateTime(Moments.In(at, TimeZone).DateTime));

        public bool MayEdit => Open.Role == PortalRole.Edit;

        public bool SeesClinical => Open.Level == PortalLevel.Clinical;
    }
}
