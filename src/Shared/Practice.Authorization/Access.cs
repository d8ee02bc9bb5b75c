namespace Practice.Authorization;

/// <summary>
/// What a member may do in a practice group: the settings of the access catalogue, as bits. They travel to
/// <c>authority.authorize</c> as one integer, so the numbers are stored and must never change their meaning.
/// </summary>
[Flags]
public enum Access
{
    None = 0,

    /// <summary>See patients other than one's own.</summary>
    OthersPatients = 1 << 0,

    /// <summary>See and edit other people's appointments.</summary>
    OthersCalendars = 1 << 1,

    /// <summary>See and edit other people's invoices.</summary>
    OthersInvoices = 1 << 2,

    /// <summary>See other people's clinical records.</summary>
    OthersClinicalRecords = 1 << 3,

    /// <summary>See practice-wide reports.</summary>
    FinancialReports = 1 << 4,

    /// <summary>Export records.</summary>
    ExportData = 1 << 5,

    /// <summary>Add, edit and deactivate members; see invitations.</summary>
    ManageUsers = 1 << 6,

    /// <summary>Create, edit and archive locations and assign members to them.</summary>
    ManageLocations = 1 << 7,

    /// <summary>Narrows everything above to the member's own locations; with none assigned, to nothing.</summary>
    RestrictToAssignedLocations = 1 << 8,

    /// <summary>Shows codes instead of names.</summary>
    HidePatientNames = 1 << 9,

    /// <summary>May look, never change.</summary>
    ReadOnly = 1 << 10,

    // 1 << 28 says of the group that it has had a webhook, and 1 << 27 of the session that it began otherwise than the
    // group requires (AuthorizationSql).

    /// <summary>
    /// Not a setting that can be switched: the caller is an API client of the group, and no person.
    /// </summary>
    ApiClient = 1 << 29,

    /// <summary>
    /// Not a setting that can be switched: the membership's owner flag, carried along so that one check answers both.
    /// </summary>
    Owner = 1 << 30,
}
