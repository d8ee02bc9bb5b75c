using Need = Practice.Authorization.Tests.Need<Practice.Authorization.Tests.PersonCaller>;
using Row = Practice.Authorization.Tests.Row<Practice.Authorization.Tests.PersonCaller>;

namespace Practice.Authorization.Tests;

/// <summary>Every call of a person outside any group and portal account, and those open to anyone.</summary>
public static class PersonRows
{
    private const string Users = "/api/users",
        Me = $"{Users}/me";

    private static readonly Outcome NotFound = new(404, "request.not_found");

    private static readonly Need Session = new("session", caller => caller.WithoutSession);

    /// <summary>A session, even one that must change its temporary password first.</summary>
    private static readonly Need AnySession = new("session, a temporary password is enough", caller =>
        caller.Credential == Credential.TemporaryPassword ? null : caller.WithoutSession
    );

    /// <summary>That a session which is not verified is refused, the tests of the calls show.</summary>
    private static readonly Need Verified = new("session, verified within 5 minutes", caller => caller.WithoutSession);

    private static readonly Need PortalAccount = new("a portal account", caller =>
        caller.Account ? null : new Outcome(403, "portal.account_required")
    );
    private static readonly Need TheirOwn = new("it being one's own", _ => NotFound);
    private static readonly Need Proven = new("the mailed token", _ => null);

    private static readonly object NoAnswer = new { attemptId = Guid.CreateVersion7(), credential = new { } };

    public static IReadOnlyList<Row> All { get; } =
    [
        // Of people who can't be signed in yet: a password or a mailed token authorizes them, and a session makes no
        // difference.
        Anybody($"POST {Users}/sign-up", 201, _ => Is(
                new
                {
                    firstName = "Robin",
                    lastName = "Person",
                    email = People.NewEmail(),
                    password = People.NewPassword(),
                }
            )),
        Anybody(
            "POST /connect/token",
            200,
            async world =>
            {
                var (id, secret) = await world.Client.Value;
                return new(
                    new { },
                    new FormUrlEncodedContent(
                        new Dictionary<string, string>
                        {
                            ["grant_type"] = "client_credentials",
                            ["client_id"] = id.ToString(),
                            ["client_secret"] = secret,
                        }
                    )
                );
            },
            new Need("the client's secret", _ => null)
        ),
        Anybody(
            $"POST {Users}/confirm-email",
            204,
            async world =>
            {
                var id = Guid.CreateVersion7();
                await world.Sql(
                    """
                    insert into users.pending_sign_ups (id, first_name, last_name, email, normalized_email,
                        password_hash, created_at) values ($1, 'Robin', 'Person', $2, upper($2), 'x', now())
                    """,
                    id,
                    People.NewEmail()
                );
                return new(new { }, new { token = await world.Link("ConfirmSignUp", id) });
            },
            Proven
        ),
        Anybody($"POST {Users}/resend-confirmation", 202, _ => Is(new { email = People.NewEmail() })),
        Anybody($"POST {Users}/sign-in", 200, world =>
            Is(new { email = world.Stranger.Email, password = world.Stranger.Password })
        ),
        Anybody($"POST {Users}/sign-in/passkey/options", 200, _ => Task.FromResult(new Call(new { }))),
        Anybody(
            $"POST {Users}/sign-in/passkey",
            200,
            async world =>
            {
                var key = await world.Key.Value;
                var begun = (await world.App.Api.Post($"{Users}/sign-in/passkey/options")).Should(200);
                return new(new { }, new { attemptId = begun["attemptId"], credential = key.Get(begun["options"]) });
            },
            new Need("the passkey's signature", _ => null)
        ),
        Anybody($"GET {Users}/sign-in/providers", 200, _ => Task.FromResult(new Call(new { }))),
        WithProvider("start"),
        WithProvider("complete"),
        WithProvider("link"),
        WithProvider("link/email"),
        WithProvider("link/confirm"),
        WithProvider("code"),
        Anybody(
            $"POST {Users}/refresh",
            200,
            async world =>
                new(
                    new { },
                    new
                    {
                        refreshToken = (
                            await world.App.Api.Post(
                                $"{Users}/sign-in",
                                new { email = world.Stranger.Email, password = world.Stranger.Password }
                            )
                        )
                            .Should(200)["refreshToken"]
                            .GetString(),
                    }
                ),
            new Need("the refresh token", _ => null)
        ),
        Anybody($"POST {Users}/forgot-password", 202, _ => Is(new { email = People.NewEmail() })),
        Anybody(
            $"POST {Users}/reset-password",
            204,
            async world =>
                new(
                    new { },
                    new
                    {
                        token = await world.Link("ResetPassword", world.Stranger.Id),
                        password = world.Stranger.Password,
                    }
                ),
            Proven
        ),
        Anybody(
            $"POST {Users}/unsubscribe",
            204,
            async world => new(new { }, new { token = await world.Link("StopOnboarding", world.Stranger.Id) }),
            Proven
        ),
        Anybody(
            $"POST {Users}/resubscribe",
            204,
            async world =>
                new(
                    new { },
                    new { token = await world.Link("StopOnboarding", world.Stranger.Id), category = "onboarding" }
                ),
            Proven
        ),
        Anybody(
            $"POST {Users}/keep-two-factor",
            204,
            async world => new(new { }, new { token = await world.Link("KeepTwoFactor", world.Stranger.Id) }),
            Proven
        ),
        Anybody(
            "GET /api/groups/{groupId}/calendar-feeds/{token}.ics",
            200,
            async world => new(new { groupId = world.Group.Id, token = await world.Feed(world.Colleague.Id) }),
            new Need("the secret of a member's calendar feed", _ => null)
        ),
        // One's own account.
        Of($"GET {Me}", 200, [AnySession]),
        Of($"PUT {Me}", 204, [Session], (_, caller) =>
            new(new { }, new { firstName = caller.Person.FirstName, lastName = caller.Person.LastName }, "*")
        ),
        Of($"PUT {Me}/password", 422, [AnySession], (_, _) =>
            new(new { }, new { currentPassword = "not the one that it is", newPassword = People.NewPassword() })
        ) with
        {
            On = "with a wrong current password",
            Success = _ => new Outcome(422, "users.wrong_password"),
        },
        Of($"POST {Me}/email", 202, [Session, Confirmed("users.email_not_confirmed")], (_, caller) =>
            new(new { }, new { newEmail = People.NewEmail(), password = caller.Person.Password })
        ),
        Of($"POST {Me}/email/confirm", 409, [Session], async (world, _) =>
        {
            await world.Sql(
                """
                insert into users.email_changes (id, account_id, new_email, normalized_email, created_at)
                values ($1, $1, $2, upper($2), now()) on conflict do nothing
                """,
                world.Stranger.Id,
                People.NewEmail()
            );
            return new(new { }, new { token = await world.Link("ChangeEmail", world.Stranger.Id) });
        }) with
        {
            On = "with the link of another account",
            Success = _ => new Outcome(409, "users.link_of_another_account"),
        },
        Of($"GET {Me}/mail-preferences", 200, [Session]),
        Of($"PUT {Me}/mail-preferences", 204, [Session], (_, _) => new(
                new { },
                new
                {
                    onboarding = true,
                    invitations = true,
                    memberships = true,
                },
                "*"
            )),
        Of($"GET {Me}/sessions", 200, [Session]),
        .. Both($"DELETE {Me}/sessions/{{sessionId}}", 204, async (world, person) =>
            new { sessionId = await world.Session(person) }
        ),
        Of($"POST {Users}/sign-out", 204, [AnySession], async (world, caller) =>
            new(new { }, Api: await world.Fresh(caller))
        ),
        Of($"POST {Users}/sign-out-everywhere", 204, [Session], (world, caller) => new(new { }, Afterwards: async () =>
            {
                if (caller.Credential == Credential.Session)
                    caller.Api = await world.Fresh(caller);
            })),
        Of($"POST {Me}/verify", 204, [Session], (_, caller) =>
            new(
                new { },
                new { password = caller.Credential == Credential.Session ? caller.Person.Password : "not asked for" }
            )
        ),
        Of($"POST {Me}/verify/passkey/options", 200, [Session], async (world, caller) =>
        {
            var passkey = await world.Passkey(caller.Person);
            return new(new { }, Afterwards: () => world.Sql("delete from users.passkeys where id = $1", passkey));
        }),
        Of($"POST {Me}/verify/passkey", 422, [Session], (_, _) => new(new { }, NoAnswer)) with
        {
            On = "an answer to no challenge",
            Success = _ => new Outcome(422, "users.passkey_not_accepted"),
        },
        Of($"GET {Me}/passkeys", 200, [Session]),
        Of($"POST {Me}/passkeys/options", 200, [Verified]),
        Of($"GET {Me}/export", 200, [Verified]),
        Of($"POST {Me}/passkeys", 422, [Session], (_, _) => new(
                new { },
                new
                {
                    attemptId = Guid.CreateVersion7(),
                    name = "Phone",
                    credential = new { },
                }
            )) with
        {
            On = "an answer to no challenge, which takes a recent verification",
            Success = _ => new Outcome(422, "users.passkey_not_accepted"),
        },
        .. Both(
            $"DELETE {Me}/passkeys/{{passkeyId}}",
            204,
            async (world, person) => new { passkeyId = await world.Passkey(person) },
            new Need("verified within 5 minutes", _ => null)
        ),
        Of($"GET {Me}/providers", 200, [Session]),
        .. Both(
            $"DELETE {Me}/providers/{{linkId}}",
            204,
            async (world, person) => new { linkId = await world.ProviderLink(person) },
            new Need("verified within 5 minutes", _ => null)
        ),
        Of($"POST {Me}/providers/{{name}}/start", 422, [Verified], (_, _) => new(new { name = "contoso" })) with
        {
            On = "where no provider is set up",
            Success = _ => new Outcome(422, "users.provider_unknown"),
        },
        Of($"POST {Me}/providers/{{name}}/complete", 422, [Session], (_, _) => new(new { name = "contoso" })) with
        {
            On = "where no provider is set up",
            Success = _ => new Outcome(422, "users.provider_unknown"),
        },
        Of($"POST {Me}/two-factor", 200, [Session], (_, caller) =>
            new(
                new { },
                new { password = caller.Credential == Credential.Session ? caller.Person.Password : "not asked for" }
            )
        ),
        Of($"POST {Me}/two-factor/enable", 422, [Session], async (_, caller) =>
        {
            if (caller.Credential == Credential.Session)
                (await caller.Api.Post($"{Me}/two-factor", new { password = caller.Person.Password })).Should(200);
            return new(new { }, new { code = "no code" });
        }) with
        {
            On = "with a wrong code",
            Success = _ => new Outcome(422, "users.wrong_code"),
        },
        Of($"POST {Me}/two-factor/disable", 409, [Session], (_, _) => new(new { }, new { code = "no code" })) with
        {
            On = "where it is not on",
            Success = _ => new Outcome(409, "users.two_factor_not_enabled"),
        },
        Of($"POST {Me}/two-factor/keep", 204, [Session]),
        Of($"GET {Me}/notifications", 200, [Session]),
        Of($"GET {Me}/notifications/unread-count", 200, [Session]),
        Of($"POST {Me}/notifications/read-all", 204, [Session]),
        .. Both($"POST {Me}/notifications/{{notificationId}}/read", 204, async (world, person) =>
            new { notificationId = await world.Notification(person) }
        ),
        // Practice groups, before one is entered.
        Of("GET /api/professions", 200, [Session]),
        Of("GET /api/audit-acts", 200, [Session]),
        Of("GET /api/access-levels", 200, [Session]),
        Of("GET /api/webhook-events", 200, [Session]),
        Of("GET /api/groups", 200, [Session]),
        Of("POST /api/groups", 201, [Session, Confirmed("groups.email_not_confirmed")], (_, _) =>
            new(new { }, new { name = "A new clinic", roleType = "administrator" })
        ),
        Of(
            $"PUT {Me}/current-group",
            204,
            [Session, new("member", caller => caller.Member ? null : NotFound)],
            (_, caller) => new(new { }, new { groupId = caller.GroupId })
        ) with
        {
            On = "a group of one's own",
        },
        Of($"PUT {Me}/current-group", 204, [Session, TheirOwn], (world, _) =>
            new(new { }, new { groupId = world.Other.Id })
        ) with
        {
            On = "another person's",
        },
        Of("GET /api/invitations", 200, [Session]),
        .. new[] { "accept", "reject" }.SelectMany(answer =>
            Both(
                $"POST /api/invitations/{{invitationId}}/{answer}",
                204,
                async (world, person) => new { invitationId = await world.Invitation(person) },
                Confirmed("groups.email_not_confirmed")
            )
        ),
        // The patient portal, before an account is opened.
        Of("GET /api/portal/accounts", 200, [Session]),
        Of("POST /api/portal/accounts", 201, [Session, Confirmed("portal.email_not_confirmed")], (world, caller) =>
            new(new { }, new { dateOfBirth = "1990-02-03" }, Afterwards: async () =>
            {
                if (!caller.Account)
                {
                    await world.Sql("delete from authority.portal_access where user_id = $1", caller.Id);
                    await world.Sql("delete from portal.accounts where user_id = $1", caller.Id);
                }
            })
        ) with
        {
            Success = caller => caller.Account ? new Outcome(409, "portal.account_exists") : new Outcome(201),
        },
        Of("POST /api/portal/claims", 410, [Session, Confirmed("portal.email_not_confirmed")], (world, _) =>
            new(new { }, new { token = $"{world.Group.Id:n}.was-never-sent" })
        ) with
        {
            On = "a token that was never sent",
            Success = _ => new Outcome(410, "portal.invitation_invalid"),
        },
        Of(
            "POST /api/portal/claims",
            410,
            [
                Session,
                Confirmed("portal.email_not_confirmed"),
                new("being a guardian of the account named", _ => NotFound),
            ],
            (world, _) =>
                new(
                    new { },
                    new { token = $"{world.Group.Id:n}.was-never-sent", accountId = Cast.Portal[^1].AccountId }
                )
        ) with
        {
            On = "for another person's account",
        },
        Of("POST /api/portal/claims/preview", 410, [Session, Confirmed("portal.email_not_confirmed")], (world, _) =>
            new(new { }, new { token = $"{world.Group.Id:n}.was-never-sent" })
        ) with
        {
            On = "a token that was never sent",
            Success = _ => new Outcome(410, "portal.invitation_invalid"),
        },
        Of("POST /api/portal/dependants", 201, [Session, PortalAccount], (_, _) => new(
                new { },
                new
                {
                    firstName = "Mia",
                    lastName = "Little",
                    dateOfBirth = "2020-05-06",
                    relationship = "parent",
                }
            )),
        Of("GET /api/portal/guardianships", 200, [Session]),
        .. Both("POST /api/portal/guardianships/{requestId}/accept", 204, async (world, person) =>
            new { requestId = await world.AskedToBeGuardian(person) }
        ),
        .. Both("POST /api/portal/guardianships/{requestId}/decline", 204, async (world, person) =>
            new { requestId = await world.AskedToBeGuardian(person) }
        ),
        .. Both("POST /api/portal/guardianships/{id}/leave", 204, async (world, person) =>
            new { id = await world.GuardedBy(person) }
        ),
        Of("POST /api/portal/access-requests", 202, [Session, PortalAccount], (_, _) =>
            new(new { }, new { email = People.NewEmail(), role = "view" })
        ),
        Of("GET /api/portal/access", 200, [Session]),
        .. Both("DELETE /api/portal/access/{grantId}", 204, async (world, person) =>
            new { grantId = await world.Asked(person) }
        ),
    ];

    private static Need Confirmed(string code) =>
        new("a confirmed email", caller => caller.Confirmed ? null : new Outcome(403, code));

    private static Row Anybody(string route, int success, Func<World, Task<Call>> prepare, params Need[] needs) =>
        new(
            route,
            "",
            needs.Length > 0 ? needs : [new("nothing", _ => null)],
            _ => new Outcome(success),
            (world, _) => prepare(world)
        );

    /// <summary>A step of a sign-in with an identity provider. This host has none.</summary>
    private static Row WithProvider(string step) =>
        Anybody(
            $"POST {Users}/sign-in/providers/{{name}}/{step}",
            422,
            _ => Task.FromResult(new Call(new { name = "contoso" })),
            new Need("what the provider and the step before sent", _ => null)
        ) with
        {
            On = "where no provider is set up",
            Success = _ => new Outcome(422, "users.provider_unknown"),
        };

    private static Row Of(string route, int success, Need[] needs, Func<World, PersonCaller, Call>? prepare = null) =>
        Of(route, success, needs, (world, caller) =>
            Task.FromResult(prepare?.Invoke(world, caller) ?? new Call(new { }))
        );

    private static Row Of(string route, int success, Need[] needs, Func<World, PersonCaller, Task<Call>> prepare) =>
        new(route, "", needs, _ => new Outcome(success), prepare);

    /// <summary>Tried on the caller's own and on another person's.</summary>
    private static Row[] Both(
        string route,
        int success,
        Func<World, Person, Task<object>> values,
        params Need[] needs
    ) =>
        [
            Of(route, success, [Session, .. needs], async (world, caller) =>
                new(await values(world, caller.Person))
            ) with
            {
                On = "one's own",
            },
            Of(route, success, [Session, TheirOwn], async (world, _) => new(await values(world, world.Stranger))) with
            {
                On = "another person's",
            },
        ];

    private static Task<Call> Is(object body) => Task.FromResult(new Call(new { }, body));
}
