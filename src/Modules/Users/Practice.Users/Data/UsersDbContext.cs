using Microsoft.EntityFrameworkCore;
using Practice.Shared.Persistence;
using Practice.Users.Domain;

namespace Practice.Users.Data;

public sealed class UsersDbContext(DbContextOptions<UsersDbContext> options) : ModuleDbContext(options)
{
    public const string SchemaName = "users";

    public override string Schema => SchemaName;

    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<PendingSignUp> PendingSignUps => Set<PendingSignUp>();

    public DbSet<Link> Links => Set<Link>();

    public DbSet<EmailChange> EmailChanges => Set<EmailChange>();

    public DbSet<MailPreferences> MailPreferences => Set<MailPreferences>();
    public DbSet<StoppedAddress> StoppedAddresses => Set<StoppedAddress>();

    public DbSet<OnboardingSeries> Onboarding => Set<OnboardingSeries>();

    public DbSet<RequestedEmail> RequestedEmails => Set<RequestedEmail>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    public DbSet<UsedCode> UsedCodes => Set<UsedCode>();

    public DbSet<Passkey> Passkeys => Set<Passkey>();

    public DbSet<PasskeyAttempt> PasskeyAttempts => Set<PasskeyAttempt>();

    public DbSet<ProviderAttempt> ProviderAttempts => Set<ProviderAttempt>();

    public DbSet<ProviderSignIn> ProviderSignIns => Set<ProviderSignIn>();

    public DbSet<ProviderLink> ProviderLinks => Set<ProviderLink>();

    public DbSet<Notification> Notifications => Set<Notification>();

    public DbSet<AddressCount> AddressCounts => Set<AddressCount>();

    public DbSet<KnownDevice> KnownDevices => Set<KnownDevice>();

    public DbSet<SignInAttempts> SignInAttempts => Set<SignInAttempts>();
}
