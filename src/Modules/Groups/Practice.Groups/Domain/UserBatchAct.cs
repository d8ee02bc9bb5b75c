namespace Practice.Groups.Domain;

/// <summary>What is done to many users at once.</summary>
public enum UserBatchAct
{
    Deactivate,

    /// <summary>Adds the locations to those that each member has.</summary>
    Assign,

    /// <summary>Takes the locations from those that each member has.</summary>
    Unassign,

    /// <summary>Gives the level alone: settings that were switched against the old level go.</summary>
    ChangeAccess,

    /// <summary>Sends invitations once more, and renews them.</summary>
    Resend,
}
