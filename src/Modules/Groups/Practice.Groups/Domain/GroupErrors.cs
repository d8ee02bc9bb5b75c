namespace Practice.Groups.Domain;

/// <summary>The module's refusals: the codes are the contract's.</summary>
internal static class GroupErrors
{
    public const string LevelNotForRoleTypeCode = "groups.level_not_for_role_type";
    public const string RegistrationNotAllowedCode = "groups.registration_not_allowed";

    public static Error AlreadyMember { get; } =
        ApiError.Conflict("groups.already_member", "This person is a member of the practice group already.");

    public static Error AlreadyInvited { get; } =
        ApiError.Conflict(
            "groups.already_invited",
            "This person has been invited already. Resend the invitation if it was overlooked."
        );

    public static Error MemberDeactivated { get; } =
        ApiError.Conflict(
            "groups.member_deactivated",
            "This person is a deactivated member. Reactivate the membership instead of adding them again."
        );

    public static Error RoleTypeUnchanged { get; } =
        ApiError.Conflict("groups.role_type_unchanged", "The member is of this role type already.");

    public static Error AlreadyDeactivated { get; } =
        ApiError.Conflict("groups.already_deactivated", "This member is deactivated already.");

    public static Error AlreadyActive { get; } =
        ApiError.Conflict("groups.already_active", "This member is active already.");

    public static Error PasswordRequired { get; } =
        ApiError.Unprocessable(
            "groups.password_required",
            "This person is new: set a temporary password for their account."
        );

    public static Error PasswordNotAllowed { get; } =
        ApiError.Unprocessable(
            "groups.password_not_allowed",
            "This person has an account already and keeps their own password. Leave both password fields blank to invite them."
        );

    public static Error RegistrationNotAllowed { get; } =
        ApiError.Unprocessable(RegistrationNotAllowedCode, "Only practitioners have a registration number.");

    public static Error LevelNotForRoleType { get; } =
        ApiError.Unprocessable(LevelNotForRoleTypeCode, "This access level is not for the member's role type.");

    public static Error LastOwner { get; } =
        ApiError.Conflict(
            "groups.last_owner",
            "A practice group always keeps at least one active owner. Make somebody else an owner first."
        );

    public static Error CannotDeactivateSelf { get; } =
        ApiError.Conflict(
            "groups.cannot_deactivate_self",
            "Nobody deactivates themselves. To leave the practice group, leave it."
        );

    public static Error BeyondOwnAccess { get; } =
        ApiError.Forbidden("groups.beyond_own_access", "This goes beyond your own access in the practice group.");

    public static Error OwnerIsNotNarrowed { get; } =
        ApiError.Unprocessable(
            "groups.owner_has_full_access",
            "An owner has full access, and none of it can be switched."
        );

    public static Error InvitationExpired { get; } =
        ApiError.Create(
            StatusCodes.Status410Gone,
            "groups.invitation_expired",
            "This invitation has expired. Ask for a new one."
        );

    public static Error InvitationNotPending { get; } =
        ApiError.Conflict(
            "groups.invitation_not_pending",
            "This invitation is no longer open: it was answered or withdrawn."
        );

    public static Error EmailNotConfirmed { get; } =
        ApiError.Forbidden(
            "groups.email_not_confirmed",
            "Confirm your email address first, by the link in the mail you were sent."
        );

    public static Error EmailDiffers { get; } =
        ApiError.Forbidden(
            "groups.email_differs",
            "This invitation went to another email address than the one your account has now. Ask to be invited at that one."
        );

    public static Error TwiceInFile { get; } =
        ApiError.Unprocessable("groups.twice_in_file", "An earlier row of this file has the same email.");

    public static Error TooManyImports { get; } =
        ApiError.Create(
            StatusCodes.Status429TooManyRequests,
            "groups.too_many_imports",
            "Too many files were imported in the last day. Try again tomorrow."
        );

    public static Error UnknownLocation { get; } =
        ApiError.Unprocessable("locations.unknown_location", "The practice group has no such location.");

    public static Error ArchivedLocation { get; } =
        ApiError.Unprocessable("locations.archived", "An archived location takes no assignment.");

    public static Error UnknownMember { get; } =
        ApiError.Unprocessable("groups.unknown_member", "The practice group has no such active member.");

    public static Error BeingAdded { get; } =
        ApiError.Conflict(
            "groups.being_added",
            "Somebody else is adding this person at this moment. Look at the members, and repeat if they are not there."
        );

    public static Error ResentJustNow { get; } =
        ApiError.Create(
            StatusCodes.Status429TooManyRequests,
            "groups.resent_just_now",
            "This invitation was sent a few minutes ago. Give it time to arrive."
        );

    public static Error TooManyLookups { get; } =
        ApiError.Create(
            StatusCodes.Status429TooManyRequests,
            "groups.too_many_lookups",
            "Too many people were added or looked up in the last hour. Try again later."
        );
}
