namespace Practice.Groups.Domain;

/// <summary>The module's errors. Their codes are part of the API.</summary>
internal static class GroupErrors
{
    public const string LevelNotForRoleTypeCode = "groups.level_not_for_role_type";
    public const string RegistrationNotAllowedCode = "groups.registration_not_allowed";

    public static Error AlreadyMember { get; } =
        ApiError.Conflict("groups.already_member", "This person is already a member of the practice.");

    public static Error AlreadyInvited { get; } =
        ApiError.Conflict(
            "groups.already_invited",
            "This person has already been invited. Resend the invitation if they missed it."
        );

    public static Error MemberDeactivated { get; } =
        ApiError.Conflict(
            "groups.member_deactivated",
            "This person is a deactivated member. Reactivate the membership instead of adding them again."
        );

    /// <param name="userId">The member. Their email in the group may be an earlier one.</param>
    public static Error PersonDeactivated(Guid userId) =>
        Error.Custom(
            StatusCodes.Status409Conflict,
            MemberDeactivated.Code,
            MemberDeactivated.Description,
            new() { ["memberIds"] = new[] { userId } }
        );

    public static Error UnknownProvider { get; } =
        ApiError.Unprocessable("groups.unknown_provider", "There is no identity provider of this name here.");

    public static Error NotSignedInWithProvider { get; } =
        ApiError.Conflict(
            "groups.not_signed_in_with_provider",
            "Sign in with this identity provider yourself, then require it. Otherwise you would lose access, too."
        );

    public static Error OwnersNotConnected(int count) =>
        ApiError.Conflict(
            "groups.owners_not_connected",
            count == 1
                ? "Another owner has not connected this identity provider, and would lose access. "
                    + "Ask them to connect it on their security page first."
                : $"{count} other owners have not connected this identity provider, and would lose access. "
                    + "Ask them to connect it on their security page first."
        );

    public static Error TooManyClients { get; } =
        ApiError.Conflict(
            "groups.too_many_clients",
            $"The practice has {ApiClient.MaxPerGroup} API clients already. Revoke one that is not needed any more."
        );

    public static Error ClientRevoked { get; } =
        ApiError.Conflict("groups.client_revoked", "This API client was revoked. Make another one.");

    public static Error ClientExpired { get; } =
        ApiError.Conflict("groups.client_expired", "This API client has expired. Make another one.");

    public static Error RoleTypeUnchanged { get; } =
        ApiError.Conflict("groups.role_type_unchanged", "The member already has this role type.");

    public static Error AlreadyDeactivated { get; } =
        ApiError.Conflict("groups.already_deactivated", "This member is already deactivated.");

    public static Error AlreadyActive { get; } =
        ApiError.Conflict("groups.already_active", "This member is already active.");

    public static Error MemberLeft { get; } =
        ApiError.Conflict(
            "groups.member_left",
            "This person has left. Add them again: they are invited, and decide themselves."
        );

    public static Error PasswordRequired { get; } =
        ApiError.Unprocessable(
            "groups.password_required",
            "This person is new. Set a temporary password for their account."
        );

    public static Error PasswordNotAllowed { get; } =
        ApiError.Unprocessable(
            "groups.password_not_allowed",
            "This person already has an account and keeps their own password. "
                + "Leave both password fields blank to invite them."
        );

    public static Error RegistrationNotAllowed { get; } =
        ApiError.Unprocessable(RegistrationNotAllowedCode, "Only practitioners have a registration number.");

    public static Error LevelNotForRoleType { get; } =
        ApiError.Unprocessable(LevelNotForRoleTypeCode, "This access level is not for the member's role type.");

    public static Error UnknownAccessLevel { get; } =
        ApiError.Unprocessable("groups.unknown_access_level", "The practice has no such access level.");

    public static Error CannotChooseArchivedLevel { get; } =
        ApiError.Unprocessable("groups.access_level_archived", "This access level is archived. Choose another one.");

    public static Error CannotChangeArchivedLevel { get; } =
        ApiError.Conflict(
            "groups.access_level_archived",
            "This access level is archived and can no longer be changed. Make a new one."
        );

    public static Error AccessLevelNameTaken { get; } =
        ApiError.Conflict("groups.access_level_name_taken", "The practice has an access level of this name.");

    public static Error AccessLevelRoleTypeFixed { get; } =
        ApiError.Unprocessable(
            "groups.access_level_role_type",
            "An access level keeps its role type. Make a new one for the other role type."
        );

    public static Error TooManyAccessLevels { get; } =
        ApiError.Conflict(
            "groups.too_many_access_levels",
            "The practice has as many access levels as it may. Archive one that is no longer used."
        );

    public static Error TextsNotSetUp { get; } =
        ApiError.Unprocessable(
            "groups.texts_not_set_up",
            "Text messages are not set up on this system. Remind by email only, or ask its operator."
        );

    public static Error LastOwner { get; } =
        ApiError.Conflict(
            "groups.last_owner",
            "A practice needs an owner who can act. First make another member an owner who has confirmed their email, "
                + "signed in, and connected the identity provider if the practice requires one."
        );

    public static Error CannotDeactivateSelf { get; } =
        ApiError.Conflict(
            "groups.cannot_deactivate_self",
            "You cannot deactivate yourself. Leave the practice instead."
        );

    public static Error BeyondOwnAccess { get; } =
        ApiError.Forbidden("groups.beyond_own_access", "This goes beyond your own access in the practice.");

    public static Error OwnerHasFullAccess { get; } =
        ApiError.Unprocessable(
            "groups.owner_has_full_access",
            "An owner has full access. Their settings cannot be changed."
        );

    /// <param name="count">How many members it is about.</param>
    public static Error AccountNotConfirmed(int count = 1) =>
        ApiError.Conflict(
            "groups.account_not_confirmed",
            (count == 1 ? "This person" : $"{count} people")
                + " must confirm their email first. Until then, someone else who set their password can sign in as them."
        );

    public static Error CannotAnswerExpiredInvitation { get; } =
        ApiError.Create(
            StatusCodes.Status410Gone,
            "groups.invitation_expired",
            "This invitation has expired. Ask for a new one."
        );

    /// <summary>The same for staff, who can send it again.</summary>
    public static Error CannotChangeExpiredInvitation { get; } =
        ApiError.Create(
            StatusCodes.Status410Gone,
            "groups.invitation_expired",
            "This invitation has expired. Resend it, then change it."
        );

    public static Error InvitationNotPending { get; } =
        ApiError.Conflict(
            "groups.invitation_not_pending",
            "This invitation is no longer open. It was answered or withdrawn."
        );

    public static Error EmailNotConfirmed { get; } =
        ApiError.Forbidden(
            "groups.email_not_confirmed",
            "Confirm your email address first. Follow the link in the email we sent you."
        );

    public static Error TwiceInFile { get; } =
        ApiError.Unprocessable("groups.twice_in_file", "An earlier row of this file has the same email.");

    public static Error ExampleRow { get; } =
        ApiError.Unprocessable(
            "groups.example_row",
            "This is the template's example. Delete the row, or write a person of yours in it."
        );

    public static Error TooManyImports { get; } =
        ApiError.Create(
            StatusCodes.Status429TooManyRequests,
            "groups.too_many_imports",
            "You have imported too many files in the last day. Try again tomorrow."
        );

    public static Error UnknownMember { get; } =
        ApiError.Unprocessable("groups.unknown_member", "The practice has no such active member.");

    public static Error BeingAdded { get; } =
        ApiError.Conflict(
            "groups.being_added",
            "Someone else is adding this person right now. Check the members, and try again if they are not listed."
        );

    public static Error ResentJustNow { get; } =
        ApiError.Create(
            StatusCodes.Status429TooManyRequests,
            "groups.resent_just_now",
            "This invitation was sent a few minutes ago. Give it time to arrive."
        );

    public static Error TooManyPeople { get; } =
        ApiError.Create(
            StatusCodes.Status429TooManyRequests,
            "groups.too_many_people",
            "The practice has written to as many people today as it may. Try again tomorrow."
        );

    public static Error TooManyPractices { get; } =
        ApiError.Create(
            StatusCodes.Status429TooManyRequests,
            "groups.too_many_practices",
            "You have made as many practices this week as one person may. Try again later."
        );

    public static Error TooManyLookups { get; } =
        ApiError.Create(
            StatusCodes.Status429TooManyRequests,
            "groups.too_many_lookups",
            "You have added or looked up too many people in the last hour. Try again later."
        );
}
