using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;
using Practice.PatientPortal.Domain.Guardianship;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Data;

internal sealed class PortalAccountConfiguration : IEntityTypeConfiguration<PortalAccount>
{
    public void Configure(EntityTypeBuilder<PortalAccount> account)
    {
        account.ToTable("accounts");
        account.HasKey(a => a.Id);
        account.Property(a => a.Id).ValueGeneratedNever();
        account.Property(a => a.Version).IsRowVersion();
        account.Ignore(a => a.Name);
        account.Ignore(a => a.IsDependant);
        account.HasIndex(a => a.UserId).IsUnique(); // one account a person; dependants have no person
    }
}

internal sealed class GuardianConfiguration : IEntityTypeConfiguration<Guardian>
{
    public void Configure(EntityTypeBuilder<Guardian> guardian)
    {
        guardian.ToTable("guardians");
        guardian.HasKey(g => new { g.AccountId, g.UserId });
        guardian.Property(g => g.Relationship).HasConversion<string>();
        guardian.Property(g => g.Verified).HasJsonList();
        guardian.HasIndex(g => g.UserId);
    }
}

internal sealed class GuardianshipRequestConfiguration : IEntityTypeConfiguration<GuardianshipRequest>
{
    public void Configure(EntityTypeBuilder<GuardianshipRequest> request)
    {
        request.ToTable("guardianship_requests");
        request.HasKey(r => r.Id);
        request.Property(r => r.Id).ValueGeneratedNever();
        request.Property(r => r.Relationship).HasConversion<string>();
        request.HasIndex(r => r.AccountId);
        request.HasIndex(r => r.NormalizedEmail);
        request.HasIndex(r => r.UserId);
        request.HasIndex(r => new { r.AskedById, r.AskedAt });
    }
}

internal sealed class GrantConfiguration : IEntityTypeConfiguration<Grant>
{
    public void Configure(EntityTypeBuilder<Grant> grant)
    {
        grant.ToTable("grants");
        grant.HasKey(g => g.Id);
        grant.Property(g => g.Id).ValueGeneratedNever();
        grant.Property(g => g.RequestedEmail).HasColumnName("asked_email");
        grant.Property(g => g.NormalizedRequestedEmail).HasColumnName("normalized_asked_email");
        grant.Property(g => g.RequestedRole).HasColumnName("asked_role").HasConversion<string>();
        grant.Property(g => g.Role).HasConversion<string>();
        grant.Property(g => g.Level).HasConversion<string>();
        grant.Property(g => g.Status).HasConversion<string>();
        grant.Property(g => g.Version).IsRowVersion();
        grant.Ignore(g => g.VisibleToRequester);
        grant.HasIndex(g => new { g.UserId, g.NormalizedRequestedEmail }).IsUnique().HasFilter("status = 'Pending'");
        grant.HasIndex(g => new { g.AccountId, g.Id });
        grant.HasIndex(g => new { g.UserId, g.Id });
    }
}

internal sealed class PendingGrantConfiguration : IEntityTypeConfiguration<PendingGrant>
{
    public void Configure(EntityTypeBuilder<PendingGrant> pending)
    {
        pending.ToTable("offers");
        pending.HasKey(p => p.Id);
        pending.Property(p => p.Id).ValueGeneratedNever();
        pending.Property(p => p.CreatedAt).HasColumnName("offered_at");
        pending.HasIndex(p => new { p.NormalizedEmail, p.AccountId });
    }
}

internal sealed class AccessLogEntryConfiguration : IEntityTypeConfiguration<AccessLogEntry>
{
    public void Configure(EntityTypeBuilder<AccessLogEntry> entry)
    {
        entry.ToTable("receipts");
        entry.HasKey(e => e.Id);
        entry.Property(e => e.Id).ValueGeneratedNever();
        entry.Property(e => e.Authority).HasConversion<EnumCodeConverter<AccessLogAuthority>>();
        entry.Property(e => e.Action).HasColumnName("opened").HasConversion<EnumCodeConverter<AccessLogAction>>();
        entry.HasIndex(e => new { e.AccountId, e.Id });
    }
}

internal static class JsonLists
{
    /// <summary>Stores a list as JSON. A change replaces the list.</summary>
    public static void HasJsonList<T>(this PropertyBuilder<IReadOnlyList<T>> property) =>
        property
            .HasColumnType("jsonb")
            .HasConversion(
                items => JsonSerializer.Serialize(items, JsonSerializerOptions.Web),
                json => JsonSerializer.Deserialize<List<T>>(json, JsonSerializerOptions.Web)!,
                new ValueComparer<IReadOnlyList<T>>(
                    (a, b) => a!.SequenceEqual(b!),
                    items => items.Count,
                    items => items
                )
            );
}

/// <summary>Stores an enum value as its code.</summary>
internal sealed class EnumCodeConverter<T>()
    : ValueConverter<T, string>(value => value.ToCode(), code => EnumCodes.Parse<T>(code))
    where T : struct, Enum;

internal sealed class PatientConfiguration : IEntityTypeConfiguration<Patient>
{
    /// <summary>The columns that order the list of patients: the family name first.</summary>
    public const string LastNameKey = "LastNameKey";

    /// <inheritdoc cref="LastNameKey"/>
    public const string FirstNameKey = "FirstNameKey";

    public void Configure(EntityTypeBuilder<Patient> patient)
    {
        patient.ToTable("patients");
        patient.HasKey(p => p.Id);
        patient.Property(p => p.Id).ValueGeneratedNever();
        patient.Property(p => p.Version).IsRowVersion();
        patient.Ignore(p => p.Code);
        foreach (var (key, column) in new[] { (LastNameKey, "last_name"), (FirstNameKey, "first_name") })
            patient
                .Property<string>(key)
                .UseCollation(Collations.ByCodePoint)
                .HasComputedColumnSql($"left(search.fold({column}), 100)", stored: true);
        patient.HasIndex(nameof(Patient.GroupId), LastNameKey, FirstNameKey, nameof(Patient.Id));
        patient.HasIndex(p => new { p.AccountId, p.GroupId });
    }
}

internal sealed class PatientWordConfiguration : IEntityTypeConfiguration<PatientWord>
{
    public void Configure(EntityTypeBuilder<PatientWord> word)
    {
        word.ToTable("patient_words");
        word.HasKey(w => new
        {
            w.GroupId,
            w.Word,
            w.PatientId,
        });
        word.Property(w => w.Word).UseCollation(Collations.ByCodePoint);
        word.HasOne<Patient>().WithMany().HasForeignKey(w => w.PatientId);
    }
}

internal sealed class PatientInvitationConfiguration : IEntityTypeConfiguration<PatientInvitation>
{
    public void Configure(EntityTypeBuilder<PatientInvitation> invitation)
    {
        invitation.ToTable("patient_invitations");
        invitation.HasKey(i => i.Id);
        invitation.Property(i => i.Id).ValueGeneratedNever();
        invitation.HasIndex(i => new { i.GroupId, i.PatientId });
        invitation.HasIndex(i => i.TokenHash);
    }
}

internal sealed class AppointmentConfiguration : IEntityTypeConfiguration<Appointment>
{
    public void Configure(EntityTypeBuilder<Appointment> appointment)
    {
        appointment.ToTable("appointments");
        appointment.HasKey(a => a.Id);
        appointment.Property(a => a.Id).ValueGeneratedNever();
        appointment.Property(a => a.Status).HasConversion<string>();
        appointment.Property(a => a.Version).IsRowVersion();
        appointment.HasIndex(a => new { a.PatientId, a.Id });
        appointment.HasIndex(a => new
        {
            a.GroupId,
            a.StartsAt,
            a.Id,
        });
        appointment.HasIndex(a => new { a.AccountId, a.Id });
    }
}

internal sealed class InvoiceConfiguration : IEntityTypeConfiguration<Invoice>
{
    public void Configure(EntityTypeBuilder<Invoice> invoice)
    {
        invoice.ToTable("invoices");
        invoice.HasKey(i => i.Id);
        invoice.Property(i => i.Id).ValueGeneratedNever();
        invoice.Property(i => i.Lines).HasJsonList();
        invoice.HasIndex(i => new { i.GroupId, i.Number }).IsUnique();
        invoice.HasIndex(i => new { i.PatientId, i.Id });
        invoice.HasIndex(i => new { i.AccountId, i.Id });
    }
}

internal sealed class ClinicalRecordConfiguration : IEntityTypeConfiguration<ClinicalRecord>
{
    public void Configure(EntityTypeBuilder<ClinicalRecord> record)
    {
        record.ToTable("clinical_records");
        record.HasKey(r => r.Id);
        record.Property(r => r.Id).ValueGeneratedNever();
        record.Property(r => r.Kind).HasConversion<string>();
        record.HasIndex(r => new { r.PatientId, r.Id });
        record.HasIndex(r => new { r.AccountId, r.Id });
    }
}

internal sealed class PortalRequestConfiguration : IEntityTypeConfiguration<PortalRequest>
{
    public void Configure(EntityTypeBuilder<PortalRequest> request)
    {
        request.ToTable("requests");
        request.HasKey(r => r.Id);
        request.Property(r => r.Id).ValueGeneratedNever();
        request.Property(r => r.Kind).HasConversion<string>();
        request.Property(r => r.Status).HasConversion<string>();
        request.Property(r => r.Version).IsRowVersion();
        request.HasIndex(r => new { r.GroupId, r.Id });
        request.HasIndex(r => new { r.AccountId, r.Id });
    }
}
