using Microsoft.EntityFrameworkCore;
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

public sealed class PatientPortalDbContext(DbContextOptions<PatientPortalDbContext> options) : ModuleDbContext(options)
{
    public const string SchemaName = "portal";

    public override string Schema => SchemaName;

    public DbSet<PortalAccount> Accounts => Set<PortalAccount>();
    public DbSet<Guardian> Guardians => Set<Guardian>();
    public DbSet<GuardianshipRequest> GuardianshipRequests => Set<GuardianshipRequest>();
    public DbSet<Grant> Grants => Set<Grant>();
    public DbSet<AccessPause> AccessPauses => Set<AccessPause>();
    public DbSet<PendingGrant> PendingGrants => Set<PendingGrant>();
    public DbSet<AccessLogEntry> AccessLog => Set<AccessLogEntry>();
    public DbSet<Patient> Patients => Set<Patient>();
    public DbSet<PatientInvitation> PatientInvitations => Set<PatientInvitation>();
    public DbSet<Appointment> Appointments => Set<Appointment>();
    public DbSet<FeedPatient> FeedPatients => Set<FeedPatient>();
    public DbSet<Invoice> Invoices => Set<Invoice>();
    public DbSet<ClinicalRecord> ClinicalRecords => Set<ClinicalRecord>();
    public DbSet<Attachment> Attachments => Set<Attachment>();
    public DbSet<AttachmentChunk> AttachmentChunks => Set<AttachmentChunk>();
    public DbSet<PortalRequest> Requests => Set<PortalRequest>();
    public DbSet<AppointmentReminder> Reminders => Set<AppointmentReminder>();
    public DbSet<TextMessage> Texts => Set<TextMessage>();
    public DbSet<MessageCredit> MessageCredits => Set<MessageCredit>();
    public DbSet<CreditEntry> CreditEntries => Set<CreditEntry>();
    public DbSet<DataExport> Exports => Set<DataExport>();

    /// <summary>Inside a query: the group's patients who are found by each word of the text.</summary>
    public IQueryable<Found> FindPatients(Guid groupId, string text) =>
        FromExpression(() => FindPatients(groupId, text));

    /// <summary>Invitations that were neither claimed nor withdrawn; some have expired.</summary>
    internal IQueryable<PatientInvitation> UnclaimedInvitations =>
        PatientInvitations.Where(invitation => invitation.ClaimedAt == null && invitation.WithdrawnAt == null);

    /// <summary>As <see cref="PatientInvitation.IsOpen"/>, in a query.</summary>
    internal IQueryable<PatientInvitation> OpenInvitations(DateTimeOffset now) =>
        UnclaimedInvitations.Where(invitation => invitation.CreatedAt > now - PatientInvitation.Lifetime);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Found>().HasNoKey().ToTable((string?)null);
        modelBuilder.HasDbFunction(() => FindPatients(Guid.Empty, "")).HasName("find_patients");
    }
}
