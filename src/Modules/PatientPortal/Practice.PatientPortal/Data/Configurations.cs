using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Credit;
using Practice.PatientPortal.Domain.Exports;
using Practice.PatientPortal.Domain.Grants;
using Practice.PatientPortal.Domain.Guardianship;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;
using Practice.PatientPortal.Domain.Reminders;
using Practice.PatientPortal.Domain.Texts;
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
        account.Ignore(a => a.Contact);
        account.Property(a => a.EmergencyContact).HasJson();
        account.HasIndex(a => a.UserId).IsUnique(); // one account a person; dependants have no person
    }
}

internal sealed class GuardianConfiguration : IEntityTypeConfiguration<Guardian>
{
    public void Configure(EntityTypeBuilder<Guardian> guardian)
    {
        guardian.ToTable("guardians");
        guardian.HasKey(g => new { g.AccountId, g.UserId });
        guardian.Property(g => g.Id).HasDefaultValueSql("gen_random_uuid()"); // hosts of the release before give none
        guardian.HasIndex(g => g.Id).IsUnique();
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

internal sealed class AccessPauseConfiguration : IEntityTypeConfiguration<AccessPause>
{
    public void Configure(EntityTypeBuilder<AccessPause> pause)
    {
        pause.ToTable("access_pauses");
        pause.HasKey(p => p.Id);
        pause.Property(p => p.Id).ValueGeneratedNever();
        pause
            .HasIndex(p => new
            {
                p.AccountId,
                p.GroupId,
                p.UserId,
                p.Email,
            })
            .IsUnique()
            .AreNullsDistinct(false)
            .HasFilter("resumed_at is null");
        pause.HasQueryFilter(p => p.ResumedAt == null); // only the list of the practice shows earlier ones
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

internal static class JsonValues
{
    /// <summary>Stores a record as JSON. A change replaces it.</summary>
    public static void HasJson<T>(this PropertyBuilder<T?> property)
        where T : class =>
        property
            .HasColumnType("jsonb")
            .HasConversion(
                value => JsonSerializer.Serialize(value, JsonSerializerOptions.Web),
                json => JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web)!
            );

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
        patient.Property(p => p.UpdatedAt).IsNotedByTheDatabase();
        patient.Ignore(p => p.Code);
        patient.Ignore(p => p.Contact);
        patient.Ignore(p => p.IsArchived);
        patient.Property(p => p.EmergencyContact).HasJson();
        patient.Property(p => p.Sex).HasConversion<string>();
        foreach (var (key, column) in new[] { (LastNameKey, "last_name"), (FirstNameKey, "first_name") })
            patient
                .Property<string>(key)
                .UseCollation(Collations.ByCodePoint)
                .HasComputedColumnSql($"left(search.fold({column}), 100)", stored: true);
        patient.HasIndex(nameof(Patient.GroupId), LastNameKey, FirstNameKey, nameof(Patient.Id));
        patient.HasIndex(p => new { p.AccountId, p.GroupId });
        patient.HasIndex(p => new { p.GroupId, p.Id }); // an export
        patient.HasIndex(p => new
        {
            p.GroupId,
            p.UpdatedAt,
            p.Id,
        });
        patient
            .HasIndex([nameof(Patient.GroupId), LastNameKey, FirstNameKey, nameof(Patient.Id)], "ix_patients_archived")
            .HasDatabaseName("ix_patients_archived")
            .HasFilter("archived_at is not null");
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
        appointment.Property(a => a.UpdatedAt).IsNotedByTheDatabase();
        appointment.Ignore(a => a.Slot);
        appointment.Ignore(a => a.IsOpen);
        appointment.HasIndex(a => new { a.PatientId, a.Id });
        appointment.HasIndex(a => new
        {
            a.GroupId,
            a.StartsAt,
            a.Id,
        });
        appointment.HasIndex(a => new { a.AccountId, a.Id });
        appointment.HasIndex(a => new
        {
            a.AccountId,
            a.StartsAt,
            a.Id,
        });
        appointment.HasIndex(a => new { a.GroupId, a.Id }); // an export
        appointment.HasIndex(a => new
        {
            a.GroupId,
            a.UpdatedAt,
            a.Id,
        });
        appointment.HasIndex(a => new
        {
            a.GroupId,
            a.PractitionerId,
            a.StartsAt,
        });
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
        invoice.Property(i => i.UpdatedAt).IsNotedByTheDatabase();
        invoice.HasIndex(i => new { i.GroupId, i.Number }).IsUnique();
        invoice.HasIndex(i => new { i.PatientId, i.Id });
        invoice.HasIndex(i => new
        {
            i.PatientId,
            i.IssuedOn,
            i.Id,
        });
        invoice.HasIndex(i => new { i.AccountId, i.Id });
        invoice.HasIndex(i => new
        {
            i.AccountId,
            i.IssuedOn,
            i.Id,
        });
        invoice.HasIndex(i => new { i.GroupId, i.Id }); // an export
        invoice.HasIndex(i => new
        {
            i.GroupId,
            i.UpdatedAt,
            i.Id,
        });
        invoice.Property(i => i.Status).HasConversion<string>();
        invoice.Property(i => i.Payments).HasJsonList();
        invoice.Property(i => i.Letterhead).HasJson();
        // The list of the practice, and of one status, practitioner or issuer.
        invoice.HasIndex(i => new
        {
            i.GroupId,
            i.IssuedOn,
            i.Id,
        });
        invoice.HasIndex(i => new
        {
            i.GroupId,
            i.Status,
            i.IssuedOn,
            i.Id,
        });
        invoice.HasIndex(i => new
        {
            i.GroupId,
            i.PractitionerId,
            i.IssuedOn,
            i.Id,
        });
        invoice
            .HasIndex([nameof(Invoice.GroupId), nameof(Invoice.IssuedOn), nameof(Invoice.Id)], "ix_invoices_unpaid")
            .HasDatabaseName("ix_invoices_unpaid")
            .HasFilter("status in ('Issued', 'PartlyPaid')");
        invoice.HasIndex(i => new
        {
            i.GroupId,
            i.IssuedById,
            i.IssuedOn,
            i.Id,
        });
    }
}

internal sealed class FeedPatientConfiguration : IEntityTypeConfiguration<FeedPatient>
{
    public void Configure(EntityTypeBuilder<FeedPatient> shown)
    {
        shown.ToTable("calendar_feed_patients");
        shown.HasKey(s => new
        {
            s.GroupId,
            s.MemberId,
            s.PatientId,
        });
    }
}

internal sealed class InvoiceCounterConfiguration : IEntityTypeConfiguration<InvoiceCounter>
{
    public void Configure(EntityTypeBuilder<InvoiceCounter> counter)
    {
        counter.ToTable("invoice_counters");
        counter.HasKey(c => c.GroupId);
        counter.Property(c => c.GroupId).ValueGeneratedNever();
    }
}

internal sealed class FileTotalConfiguration : IEntityTypeConfiguration<FileTotal>
{
    public void Configure(EntityTypeBuilder<FileTotal> total)
    {
        total.ToTable("file_totals");
        total.HasKey(t => t.GroupId);
        total.Property(t => t.GroupId).ValueGeneratedNever();
    }
}

internal sealed class InvoiceNumberAheadConfiguration : IEntityTypeConfiguration<InvoiceNumberAhead>
{
    public void Configure(EntityTypeBuilder<InvoiceNumberAhead> ahead)
    {
        ahead.ToTable("invoice_numbers_ahead");
        ahead.HasKey(a => new { a.GroupId, a.Number });
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
        record.Property(r => r.Amendments).HasJsonList();
        record.Property(r => r.UpdatedAt).IsNotedByTheDatabase();
        record.HasIndex(r => new { r.PatientId, r.Id });
        record.HasIndex(r => new
        {
            r.PatientId,
            r.RecordedAt,
            r.Id,
        });
        record.HasIndex(r => new { r.AccountId, r.Id }).HasFilter("shared"); // the portal's list
        record
            .HasIndex(r => new
            {
                r.AccountId,
                r.RecordedAt,
                r.Id,
            })
            .HasFilter("shared");
        record.HasIndex(r => new { r.GroupId, r.Id }); // an export
    }
}

internal sealed class DataExportConfiguration : IEntityTypeConfiguration<DataExport>
{
    public void Configure(EntityTypeBuilder<DataExport> export)
    {
        export.ToTable("exports");
        export.HasKey(e => e.Id);
        export.Property(e => e.Id).ValueGeneratedNever();
        export.PrimitiveCollection(e => e.Kinds).ElementType(kind => kind.HasConversion<string>());
        export.Property(e => e.Status).HasConversion<string>();
        export.Ignore(e => e.Files);
        export.HasIndex(e => new { e.GroupId, e.Id });
    }
}

internal sealed class AttachmentConfiguration : IEntityTypeConfiguration<Attachment>
{
    public void Configure(EntityTypeBuilder<Attachment> attachment)
    {
        attachment.ToTable("attachments");
        attachment.HasKey(a => a.Id);
        attachment.Property(a => a.Id).ValueGeneratedNever();
        attachment.Property(a => a.Type).HasConversion<string>();
        attachment.HasIndex(a => new { a.RecordId, a.Id });
    }
}

internal sealed class AttachmentChunkConfiguration : IEntityTypeConfiguration<AttachmentChunk>
{
    public void Configure(EntityTypeBuilder<AttachmentChunk> chunk)
    {
        chunk.ToTable("attachment_chunks");
        chunk.HasKey(c => new { c.AttachmentId, c.Number });
        chunk.HasOne<Attachment>().WithMany().HasForeignKey(c => c.AttachmentId);
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
        // Counted with every page, and few of all.
        request
            .HasIndex(r => new { r.GroupId, r.Id }, "ix_requests_open")
            .HasDatabaseName("ix_requests_open")
            .HasFilter("status = 'Open'");
        request.HasIndex(r => new { r.AccountId, r.Id });
    }
}

internal sealed class AppointmentReminderConfiguration : IEntityTypeConfiguration<AppointmentReminder>
{
    public void Configure(EntityTypeBuilder<AppointmentReminder> reminder)
    {
        reminder.ToTable("appointment_reminders");
        reminder.HasKey(r => r.AppointmentId);
        reminder.Property(r => r.AppointmentId).ValueGeneratedNever();
    }
}

internal sealed class TextMessageConfiguration : IEntityTypeConfiguration<TextMessage>
{
    public void Configure(EntityTypeBuilder<TextMessage> text)
    {
        text.ToTable("texts");
        text.HasKey(t => t.Id);
        text.Property(t => t.Id).ValueGeneratedNever();
        text.Property(t => t.Status).HasConversion<string>();
        text.HasIndex(t => new { t.GroupId, t.CreatedAt });
    }
}

internal sealed class MessageCreditConfiguration : IEntityTypeConfiguration<MessageCredit>
{
    public void Configure(EntityTypeBuilder<MessageCredit> credit)
    {
        credit.ToTable("message_credits");
        credit.HasKey(c => c.GroupId);
        credit.Property(c => c.GroupId).ValueGeneratedNever();
        credit.Property(c => c.Balance).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
    }
}

internal sealed class CreditEntryConfiguration : IEntityTypeConfiguration<CreditEntry>
{
    public void Configure(EntityTypeBuilder<CreditEntry> entry)
    {
        entry.ToTable("credit_entries");
        entry.HasKey(e => e.Id);
        entry.Property(e => e.Id).ValueGeneratedNever();
        entry.Property(e => e.Kind).HasConversion<string>();
        entry.HasIndex(e => new { e.GroupId, e.Id });
        // A text takes one and returns one, whatever happens twice.
        entry.HasIndex(e => new { e.TextId, e.Kind }).IsUnique();
    }
}
