using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Practice.Users.Domain;

namespace Practice.Users.Data;

internal sealed class AccountConfiguration : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> account)
    {
        account.ToTable("accounts");
        account.HasKey(a => a.Id);
        account.Property(a => a.Id).ValueGeneratedNever();
        account.Property(a => a.Version).IsRowVersion();
        account.Property(a => a.Email).IsRequired();
        account.Property(a => a.NormalizedEmail).IsRequired();
        account.HasIndex(a => a.NormalizedEmail).IsUnique();

        // Identity's own, not used here: people sign in by email, the lockout also counts emails without an account,
        // and the row version is the concurrency stamp.
        account
            .Ignore(a => a.UserName)
            .Ignore(a => a.NormalizedUserName)
            .Ignore(a => a.PhoneNumber)
            .Ignore(a => a.PhoneNumberConfirmed)
            .Ignore(a => a.LockoutEnabled)
            .Ignore(a => a.LockoutEnd)
            .Ignore(a => a.AccessFailedCount)
            .Ignore(a => a.ConcurrencyStamp);
    }
}

/// <summary>Identity's store keeps the authenticator key and the recovery codes here.</summary>
internal sealed class AccountTokenConfiguration : IEntityTypeConfiguration<IdentityUserToken<Guid>>
{
    public void Configure(EntityTypeBuilder<IdentityUserToken<Guid>> token)
    {
        token.ToTable("account_tokens");
        token.HasKey(t => new
        {
            t.UserId,
            t.LoginProvider,
            t.Name,
        });
        token.HasOne<Account>().WithMany().HasForeignKey(t => t.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class PendingSignUpConfiguration : IEntityTypeConfiguration<PendingSignUp>
{
    public void Configure(EntityTypeBuilder<PendingSignUp> signUp)
    {
        signUp.ToTable("pending_sign_ups");
        signUp.HasKey(s => s.Id);
        signUp.Property(s => s.Id).ValueGeneratedNever();
        signUp.HasIndex(s => s.NormalizedEmail);
        signUp.HasIndex(s => s.CreatedAt);
    }
}

internal sealed class EmailChangeConfiguration : IEntityTypeConfiguration<EmailChange>
{
    public void Configure(EntityTypeBuilder<EmailChange> change)
    {
        change.ToTable("email_changes");
        change.HasKey(c => c.AccountId); // one at a time
        change.Property(c => c.AccountId).ValueGeneratedNever();
        change.HasIndex(c => c.Id).IsUnique();
        change.HasOne<Account>().WithMany().HasForeignKey(c => c.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class MailPreferencesConfiguration : IEntityTypeConfiguration<MailPreferences>
{
    public void Configure(EntityTypeBuilder<MailPreferences> preferences)
    {
        preferences.ToTable("mail_preferences");
        preferences.HasKey(p => p.AccountId);
        preferences.Property(p => p.AccountId).ValueGeneratedNever();
        preferences.Property(p => p.Version).IsRowVersion();
        preferences.HasOne<Account>().WithMany().HasForeignKey(p => p.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class StoppedAddressConfiguration : IEntityTypeConfiguration<StoppedAddress>
{
    public void Configure(EntityTypeBuilder<StoppedAddress> address)
    {
        address.ToTable("stopped_addresses");
        address.HasKey(a => a.Id);
        address.Property(a => a.Id).ValueGeneratedNever();
    }
}

internal sealed class OnboardingSeriesConfiguration : IEntityTypeConfiguration<OnboardingSeries>
{
    public void Configure(EntityTypeBuilder<OnboardingSeries> series)
    {
        series.ToTable("onboarding");
        series.HasKey(s => s.AccountId); // one in an account's life
        series.Property(s => s.AccountId).ValueGeneratedNever();
        series.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class RequestedEmailConfiguration : IEntityTypeConfiguration<RequestedEmail>
{
    public void Configure(EntityTypeBuilder<RequestedEmail> email)
    {
        email.ToTable("asked_mails");
        email.HasKey(e => e.Id);
        email.Property(e => e.Id).ValueGeneratedNever();
        email.HasIndex(e => new { e.NormalizedEmail, e.SentAt });
    }
}

internal sealed class LinkConfiguration : IEntityTypeConfiguration<Link>
{
    public void Configure(EntityTypeBuilder<Link> link)
    {
        link.ToTable("links");
        link.HasKey(l => l.TokenHash);
        link.Property(l => l.Purpose).HasConversion<string>();
        link.HasIndex(l => l.SubjectId);
    }
}

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> session)
    {
        session.ToTable("sessions");
        session.HasKey(s => s.Id);
        session.Property(s => s.Id).ValueGeneratedNever();
        session.Property(s => s.VerifiedAt).HasDefaultValueSql("now()");
        session.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class RefreshTokenConfiguration : IEntityTypeConfiguration<RefreshToken>
{
    public void Configure(EntityTypeBuilder<RefreshToken> token)
    {
        token.ToTable("refresh_tokens");
        token.HasKey(t => t.TokenHash);
        token.HasIndex(t => t.ExpiresAt); // who cleans up reads no others
        token.HasOne<Session>().WithMany().HasForeignKey(t => t.SessionId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class SignInAttemptsConfiguration : IEntityTypeConfiguration<SignInAttempts>
{
    public void Configure(EntityTypeBuilder<SignInAttempts> attempts)
    {
        attempts.ToTable("sign_in_counts");
        attempts.HasKey(a => new { a.EmailHash, a.AddressHash });
    }
}

internal sealed class AddressCountConfiguration : IEntityTypeConfiguration<AddressCount>
{
    public void Configure(EntityTypeBuilder<AddressCount> count)
    {
        count.ToTable("address_counts");
        count.HasKey(c => new { c.AddressHash, c.Act });
        count.Property(c => c.Act).HasConversion<string>();
    }
}

internal sealed class KnownDeviceConfiguration : IEntityTypeConfiguration<KnownDevice>
{
    public void Configure(EntityTypeBuilder<KnownDevice> device)
    {
        device.ToTable("known_devices");
        device.HasKey(d => new { d.AccountId, d.Name });
        device.HasOne<Account>().WithMany().HasForeignKey(d => d.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class UsedCodeConfiguration : IEntityTypeConfiguration<UsedCode>
{
    public void Configure(EntityTypeBuilder<UsedCode> used)
    {
        used.ToTable("used_codes");
        used.HasKey(u => new { u.AccountId, u.Code });
        used.HasOne<Account>().WithMany().HasForeignKey(u => u.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class PasskeyConfiguration : IEntityTypeConfiguration<Passkey>
{
    public void Configure(EntityTypeBuilder<Passkey> passkey)
    {
        passkey.ToTable("passkeys");
        passkey.HasKey(p => p.Id);
        passkey.Property(p => p.Id).ValueGeneratedNever();
        passkey.HasIndex(p => p.CredentialId).IsUnique();
        passkey.OwnsOne(p => p.Data, data => data.ToJson());
        passkey.Navigation(p => p.Data).IsRequired();
        passkey.HasOne<Account>().WithMany().HasForeignKey(p => p.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class PasskeyAttemptConfiguration : IEntityTypeConfiguration<PasskeyAttempt>
{
    public void Configure(EntityTypeBuilder<PasskeyAttempt> attempt)
    {
        attempt.ToTable("passkey_attempts");
        attempt.HasKey(a => a.Id);
        attempt.Property(a => a.Id).ValueGeneratedNever();
        attempt.Property(a => a.Purpose).HasConversion<string>();
        attempt.HasIndex(a => a.ExpiresAt);
        attempt.HasOne<Account>().WithMany().HasForeignKey(a => a.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class ProviderAttemptConfiguration : IEntityTypeConfiguration<ProviderAttempt>
{
    public void Configure(EntityTypeBuilder<ProviderAttempt> attempt)
    {
        attempt.ToTable("provider_attempts");
        attempt.HasKey(a => a.TokenHash);
        attempt.HasIndex(a => a.ExpiresAt);
    }
}

internal sealed class ProviderSignInConfiguration : IEntityTypeConfiguration<ProviderSignIn>
{
    public void Configure(EntityTypeBuilder<ProviderSignIn> signIn)
    {
        signIn.ToTable("provider_sign_ins");
        signIn.HasKey(s => s.Id);
        signIn.Property(s => s.Id).ValueGeneratedNever();
        signIn.Property(s => s.Step).HasConversion<string>();
        signIn.HasIndex(s => s.TokenHash).IsUnique();
        signIn.HasIndex(s => s.ExpiresAt);
        signIn.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class ProviderLinkConfiguration : IEntityTypeConfiguration<ProviderLink>
{
    public void Configure(EntityTypeBuilder<ProviderLink> link)
    {
        link.ToTable("provider_links");
        link.HasKey(l => l.Id);
        link.Property(l => l.Id).ValueGeneratedNever();
        link.HasIndex(l => new { l.Issuer, l.Subject }).IsUnique();
        link.HasOne<Account>().WithMany().HasForeignKey(l => l.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class NotificationConfiguration : IEntityTypeConfiguration<Notification>
{
    public void Configure(EntityTypeBuilder<Notification> notification)
    {
        notification.ToTable("notifications");
        notification.HasKey(n => n.Id);
        notification.Property(n => n.Id).ValueGeneratedNever();
        notification.Property(n => n.Kind).HasConversion<string>();
        notification.OwnsOne(n => n.Data, data => data.ToJson());
        notification.HasIndex(n => new { n.AccountId, n.Source }).IsUnique();
        notification.HasIndex(n => new { n.AccountId, n.Id });
        // Counted with every page, and few of all.
        notification
            .HasIndex(n => n.AccountId, "ix_notifications_unread")
            .HasDatabaseName("ix_notifications_unread")
            .HasFilter("read_at is null");
        notification.HasOne<Account>().WithMany().HasForeignKey(n => n.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
