using System.Net.Http.Headers;
using Need = Practice.Authorization.Tests.Need<Practice.Authorization.Tests.StaffCaller>;
using Row = Practice.Authorization.Tests.Row<Practice.Authorization.Tests.StaffCaller>;

namespace Practice.Authorization.Tests;

/// <summary>Every call in a practice group, with what the domain asks of who makes it.</summary>
public static class GroupRows
{
    private const string Group = "/api/groups/{groupId}",
        Member = $"{Group}/members/{{userId}}",
        Invitation = $"{Group}/invitations/{{invitationId}}",
        Location = $"{Group}/locations/{{locationId}}",
        Level = $"{Group}/access-levels/{{levelId}}",
        Webhook = $"{Group}/webhooks/{{webhookId}}",
        Patient = $"{Group}/patients/{{patientId}}",
        Request = $"{Group}/requests/{{requestId}}",
        Client = $"{Group}/clients/{{clientId}}",
        Feed = $"{Group}/members/me/calendar-feed",
        Invoice = $"{Group}/invoices/{{invoiceId}}",
        Appointment = $"{Group}/appointments/{{appointmentId}}",
        Fhir = "/fhir/groups/{groupId}";

    private const string Anybodys = "a colleague's",
        Ones = "one's own";

    private static readonly Outcome NotFound = new(404, "request.not_found"),
        NotAllowed = new(403, "auth.not_allowed"),
        Beyond = new(403, "groups.beyond_own_access");

    private static readonly Need Session = new("", caller => caller.WithoutSession);

    /// <summary>
    /// An active member of this group: for everyone else there is no such group, and no such thing in theirs.
    /// </summary>
    private static readonly Need Membership = new("member", caller => caller.Standing switch
        {
            Standing.Member => null,
            Standing.OneFactor => new Outcome(403, "groups.two_factor_required"),
            Standing.OtherSignIn => new Outcome(403, "groups.provider_required"),
            _ => NotFound,
        });

    /// <summary>The same, however the session began.</summary>
    private static readonly Need AnyMembership = new("member, any sign-in", caller =>
        caller.Standing == Standing.OtherSignIn ? null : Membership.Denied(caller)
    );

    private static readonly Need Writes = new("changes", caller => caller.May(Catalogue.ReadOnly) ? NotAllowed : null);
    private static readonly Need Owner = new("owner", caller => caller.Owner ? null : NotAllowed);
    private static readonly Need IsMember = new("", caller => caller.Client ? NotFound : null);
    private static readonly Need ManagesUsers = May("manageUsers");
    private static readonly Need ManagesLocations = May("manageLocations");
    private static readonly Need Exports = May("exportData");
    private static readonly Need EverywhereAtOnce = new("not restricted to locations", caller =>
        caller.May(Catalogue.Restrict) ? NotAllowed : null
    );
    private static readonly Need Here = new("the location in reach", caller => caller.ReachesHere ? null : NotFound);
    private static readonly Need WorksHere = new("the location in reach", caller =>
        caller.ReachesHere ? null : NotAllowed
    );
    private static readonly Need Names = new("not `hidePatientNames`", caller =>
        caller.May(Catalogue.Hide) ? new Outcome(403, "portal.names_hidden") : null
    );
    private static readonly Need Nothing = new("grants nothing beyond their own", caller =>
        Within(caller, [], []) && Reaches(caller) ? null : Beyond
    );

    /// <summary>What a new level opens: nothing, and each setting alone.</summary>
    private static IEnumerable<string[]> DefinedLevels =>
        [
            [],
            .. Catalogue.Open.Select(setting => new[] { setting }),
        ];

    /// <summary>Calls that take a person: about people's access, and about what is the caller's own.</summary>
    private static readonly string[] OfPeople =
    [
        $"POST {Group}/members",
        $"POST {Group}/members/import",
        $"PUT {Member}",
        $"PUT {Member}/access",
        $"POST {Member}/access/preview",
        $"PUT {Member}/locations",
        $"POST {Member}/convert",
        $"POST {Member}/temporary-password",
        $"GET {Member}/deactivation",
        $"POST {Member}/deactivate",
        $"POST {Member}/reactivate",
        $"POST {Group}/members/me/leave",
        $"POST {Group}/users/batch",
        $"POST {Group}/users/batch/preview",
        $"PUT {Invitation}",
        $"POST {Invitation}/resend",
        $"POST {Invitation}/withdraw",
        $"PUT {Location}/members",
        $"POST {Group}/access-levels",
        $"PUT {Level}",
        $"POST {Level}/preview",
        $"POST {Level}/archive",
        $"GET {Group}/audit/file",
        $"POST {Group}/exports",
        $"GET {Group}/exports",
        $"GET {Group}/exports/{{exportId}}",
        $"GET {Group}/exports/{{exportId}}/file",
        $"DELETE {Group}/exports/{{exportId}}",
        $"GET {Feed}",
        $"POST {Feed}",
        $"DELETE {Feed}",
    ];

    private static readonly Need Person = new("a person", caller =>
        caller.Client ? new Outcome(403, "auth.not_for_clients") : null
    );

    public static IReadOnlyList<Row> All { get; } =
    [.. Rows().Select(row => OfPeople.Contains(row.Route) || row.Needs.Contains(Owner) ? TakesPerson(row) : row)];

    private static Row TakesPerson(Row row) =>
        row with
        {
            Needs =
            [
                Session,
                .. row.Needs.Where(need => need == Membership || need == AnyMembership),
                Person,
                .. row.Needs.Except([Session, Membership, AnyMembership]),
            ],
        };

    private static Row AnySignIn(Row row) =>
        row with
        {
            Needs = [.. row.Needs.Select(need => need == Membership ? AnyMembership : need)],
        };

    private static IReadOnlyList<Row> Rows() =>
        [
            // The group.
            Reads($"GET {Group}", 200),
            Changes($"PUT {Group}", 204, [Owner], (_, _) => new(
                    new { },
                    new
                    {
                        name = "The clinic",
                        reminders = new { enabled = true, hoursBefore = 24 },
                        invoices = new { currency = "AUD", dueAfterDays = 14 },
                    },
                    "*"
                )),
            AnySignIn(Reads($"GET {Group}/sign-in", 200)),
            AnySignIn(
                Changes($"PUT {Group}/sign-in", 204, [Owner], (_, _) =>
                    new(new { }, new { provider = (string?)null }, "*")
                )
            ),
            Reads($"GET {Group}/sign-in/providers/{{name}}", 422, [Owner], (_, _) => new(new { name = "contoso" })) with
            {
                On = "where no provider is set up",
                Own = true, // the name is the host's, no group's
                Success = _ => new Outcome(422, "groups.unknown_provider"),
            },
            Reads($"GET {Group}/audit", 200, [ManagesUsers, EverywhereAtOnce]),
            .. FhirRows,
            // API clients.
            Changes($"GET {Group}/clients", 200, [Owner], (_, _) => new(new { })),
            Changes($"GET {Client}", 200, [Owner], (world, _) => new(new { clientId = world.Clients["read"] })),
            Changes($"POST {Group}/clients", 201, [Owner], (_, _) =>
                new(new { }, new { name = "Stock", accessLevel = "reception" })
            ),
            Changes($"POST {Client}/rotate", 200, [Owner], (world, _) =>
                new(new { clientId = world.Clients["rotated"] })
            ),
            Changes($"POST {Client}/revoke", 204, [Owner], async (world, _) =>
            {
                var id = world.Clients["revoked"];
                await world.Sql("update groups.api_clients set revoked_at = null where id = $1", id);
                return new(new { clientId = id });
            }),
            Changes($"DELETE {Client}", 204, [Owner], async (world, _) =>
            {
                var id = world.Clients["deleted"];
                await world.Sql("update groups.api_clients set revoked_at = null where id = $1", id);
                return new(new { clientId = id });
            }),
            // Message credit.
            Changes($"GET {Group}/credit", 200, [Owner], (_, _) => new(new { })),
            Changes($"POST {Group}/credit/top-ups", 201, [Owner], (_, _) => new(new { }, new { amount = 1 })),
            Changes($"PUT {Group}/credit", 204, [Owner], (_, _) => new(new { }, new { lowBalance = 10 }, "*")),
            // Webhooks.
            Changes($"GET {Group}/webhooks", 200, [Owner], (_, _) => new(new { })),
            Changes($"POST {Group}/webhooks", 201, [Owner], async (world, _) =>
            {
                await world.ForgetWebhooks();
                return new(new { }, WebhookInput());
            }),
            Changes($"GET {Webhook}", 200, [Owner], async (world, _) => new(new { webhookId = await world.Webhook() })),
            Changes($"PUT {Webhook}", 204, [Owner], async (world, _) =>
                new(new { webhookId = await world.Webhook() }, WebhookInput(enabled: true), "*")
            ),
            Changes($"DELETE {Webhook}", 204, [Owner], async (world, _) =>
                new(new { webhookId = await world.Webhook() })
            ),
            Changes($"POST {Webhook}/rotate", 200, [Owner], async (world, _) =>
                new(new { webhookId = await world.Webhook() })
            ),
            Changes($"POST {Webhook}/test", 409, [Owner], async (world, _) =>
                new(new { webhookId = await world.Webhook() })
            ) with
            {
                Success = _ => WebhookTurnedOff,
            },
            Changes($"POST {Webhook}/replay", 409, [Owner], async (world, _) =>
                new(new { webhookId = await world.Webhook() })
            ) with
            {
                Success = _ => WebhookTurnedOff,
            },
            Changes($"GET {Webhook}/deliveries", 200, [Owner], async (world, _) =>
                new(new { webhookId = await world.Webhook() })
            ),
            Changes($"POST {Webhook}/deliveries/{{deliveryId}}/replay", 409, [Owner], async (world, _) =>
                new(new { webhookId = await world.Webhook(), deliveryId = await world.WebhookDelivery() })
            ) with
            {
                Success = _ => WebhookTurnedOff,
            },
            Reads($"GET {Group}/audit/file", 200, [ManagesUsers, Exports, EverywhereAtOnce]),
            // Members.
            Reads($"GET {Group}/members", 200),
            Reads($"GET {Member}", 200, [], (world, _) => new(new { userId = world.Colleague.Id })),
            Changes($"POST {Group}/members", 201, [ManagesUsers, Nothing], (world, _) =>
                new(new { }, NewMember(world, "personal"))
            ) with
            {
                On = "a practitioner, `personal`",
            },
            Changes($"POST {Group}/members", 201, [ManagesUsers, Grants("practitioner", "clinical")], (world, _) =>
                new(new { }, NewMember(world, "clinical"))
            ) with
            {
                On = "a practitioner, `clinical`",
            },
            Changes($"POST {Group}/members/import", 200, [ManagesUsers], (_, _) =>
                new(new { }, Csv(), Query: "?dryRun=true")
            ),
            Changes($"PUT {Member}", 204, [ManagesUsers, Manages(carries: false)], (world, _) =>
                new(new { userId = world.Colleague.Id }, Nurse, "*")
            ) with
            {
                On = "a member who holds nothing",
            },
            Changes($"PUT {Member}", 204, [ManagesUsers, Manages(carries: true)], (world, _) =>
                new(new { userId = world.Restricted.Id }, Nurse, "*")
            ) with
            {
                On = "a member who holds nothing and carries every restriction",
            },
            Changes($"PUT {Member}", 204, [ManagesUsers, ManagesOwner], (world, _) =>
                new(new { userId = world.CoOwner.Id }, new { profession = "practiceManager" }, "*")
            ) with
            {
                On = "an owner",
            },
            Changes($"POST {Member}/convert", 204, [Owner], async (world, _) =>
            {
                await world.Sql(
                    "update groups.memberships set role_type = 'Practitioner', level = 'Personal' where user_id = $1",
                    world.Changed["converted"].Id
                );
                return new(
                    new { userId = world.Changed["converted"].Id },
                    new
                    {
                        roleType = "administrator",
                        profession = "receptionist",
                        accessLevel = "reception",
                    }
                );
            }),
            Changes($"POST {Member}/temporary-password", 204, [ManagesUsers, Manages(carries: false)], (world, _) =>
                new(
                    new { userId = world.Changed["reissued"].Id },
                    new { password = "another temporary one", confirmPassword = "another temporary one" }
                )
            ) with
            {
                On = "a member who holds nothing",
            },
            Reads($"GET {Member}/booked-appointments", 200, [ManagesUsers], (world, _) =>
                new(new { userId = world.Colleague.Id })
            ),
            Reads($"GET {Member}/deactivation", 200, [ManagesUsers, Manages(carries: false)], (world, _) =>
                new(new { userId = world.Colleague.Id })
            ) with
            {
                On = "a member who holds nothing",
            },
            Changes($"POST {Member}/deactivate", 204, [ManagesUsers, Manages(carries: false)], async (world, _) =>
            {
                await world.Sql(
                    "update groups.memberships set status = 'Active' where user_id = $1",
                    world.Changed["deactivated"].Id
                );
                return new(new { userId = world.Changed["deactivated"].Id }, new { reason = "On leave" });
            }) with
            {
                On = "a member who holds nothing",
            },
            Changes($"POST {Member}/deactivate", 204, [ManagesUsers, ManagesOwner], (world, _) =>
                new(new { userId = world.CoOwner.Id }, new { }, Afterwards: () =>
                    world.Sql("update groups.memberships set status = 'Active' where user_id = $1", world.CoOwner.Id)
                )
            ) with
            {
                On = "an owner",
            },
            Changes($"POST {Member}/reactivate", 204, [ManagesUsers, Manages(carries: false)], async (world, _) =>
            {
                await world.Sql(
                    "update groups.memberships set status = 'Deactivated' where user_id = $1",
                    world.Changed["reactivated"].Id
                );
                return new(new { userId = world.Changed["reactivated"].Id });
            }) with
            {
                On = "a member who holds nothing",
            },
            // The member who leaves is restored at once, in the database: other rows need them.
            Reads($"POST {Group}/members/me/leave", 204, [], (world, caller) => new(new { }, Afterwards: async () =>
                {
                    await world.Sql(
                        """
                        update groups.memberships set status = 'Active', has_left = false
                        where group_id = $1 and user_id = $2 and deactivation_reason = 'left'
                        """,
                        caller.GroupId,
                        caller.Id
                    );
                    await world.Sql(
                        """
                        update authority.memberships set active = true where group_id = $1 and user_id in (
                            select user_id from groups.memberships where group_id = $1 and status = 'Active')
                        """,
                        caller.GroupId
                    );
                })),
            // Access.
            Reads($"GET {Member}/access", 200, [IsMember], Oneself) with
            {
                On = Ones,
                Own = true,
            },
            Reads($"GET {Member}/access", 200, [ManagesUsers], (world, _) =>
                new(new { userId = world.Colleague.Id })
            ) with
            {
                On = Anybodys,
            },
            Reads($"GET {Member}/effective-access", 200, [IsMember], Oneself) with
            {
                On = Ones,
                Own = true,
            },
            Reads($"GET {Member}/effective-access", 200, [ManagesUsers], (world, _) =>
                new(new { userId = world.Colleague.Id })
            ) with
            {
                On = Anybodys,
            },
            Changes($"PUT {Member}/access", 204, [ManagesUsers, Manages(carries: false)], (world, _) =>
                new(new { userId = world.Colleague.Id }, new { accessLevel = "personal" }, "*")
            ) with
            {
                On = "a member who holds nothing, to nothing",
            },
            Changes(
                $"PUT {Member}/access",
                204,
                [ManagesUsers, Manages(carries: false), Grants("practitioner", "clinical")],
                async (world, _) =>
                {
                    await world.Sql(
                        "update groups.memberships set level = 'Personal' where user_id = $1",
                        world.Changed["raised"].Id
                    );
                    return new(new { userId = world.Changed["raised"].Id }, new { accessLevel = "clinical" }, "*");
                }
            ) with
            {
                On = "a member who holds nothing, to `clinical`",
            },
            Changes($"PUT {Member}/access", 204, [ManagesUsers, Grants("practitioner", "full")], (_, caller) =>
                new(new { userId = caller.Id }, new { accessLevel = "full" }, "*")
            ) with
            {
                On = "oneself, to `full`",
                Own = true,
            },
            Changes($"PUT {Member}/access", 204, [ManagesUsers, ManagesOwner], (world, _) =>
                new(new { userId = world.CoOwner.Id }, new { accessLevel = "full" }, "*")
            ) with
            {
                On = "an owner",
            },
            Reads($"POST {Member}/access/preview", 200, [ManagesUsers, Manages(carries: false)], (world, _) =>
                new(new { userId = world.Colleague.Id }, new { accessLevel = "personal" })
            ) with
            {
                On = "a member who holds nothing",
            },
            // Invitations.
            Reads($"GET {Group}/invitations", 200, [ManagesUsers]),
            Reads($"GET {Invitation}", 200, [ManagesUsers, Here], (world, _) =>
                new(new { invitationId = world.Invited["read"] })
            ),
            Changes($"PUT {Invitation}", 204, [ManagesUsers, Here, Nothing], async (world, _) => await Invited(
                    world,
                    "changed",
                    new
                    {
                        roleType = "practitioner",
                        profession = "nurse",
                        accessLevel = "personal",
                        locationIds = new[] { world.Here },
                    }
                )) with
            {
                On = "to `personal`",
            },
            Changes($"POST {Invitation}/resend", 204, [ManagesUsers, Here, Nothing], (world, _) =>
                Invited(world, "resent")
            ) with
            {
                On = "to `personal`",
            },
            Changes($"POST {Invitation}/withdraw", 204, [ManagesUsers, Here, Nothing], (world, _) =>
                Invited(world, "withdrawn")
            ) with
            {
                On = "to `personal`",
            },
            // Locations, and who works where.
            // Many users at once: who is refused is in the answer, and stops nobody. A member of no such group is one.
            Reads($"POST {Group}/users/batch/preview", 200, [ManagesUsers], (world, _) =>
                new(new { }, new { act = "deactivate", ids = new[] { world.Colleague.Id } })
            ),
            Changes($"POST {Group}/users/batch", 200, [ManagesUsers], (world, _) =>
                new(new { }, new { act = "deactivate", ids = new[] { Guid.CreateVersion7() } })
            ) with
            {
                On = "users",
            },
            Changes($"POST {Group}/users/batch", 200, [ManagesUsers, ManagesLocations], (world, _) => new(
                    new { },
                    new
                    {
                        act = "assign",
                        ids = new[] { world.Colleague.Id },
                        locationIds = new[] { world.Here },
                    }
                )) with
            {
                On = "locations of users",
            },
            // Access levels of the group's own, with each setting that a level may open.
            Reads($"GET {Group}/access-levels", 200),
            Reads($"GET {Level}", 200, [], async (world, _) => new(new { levelId = await world.AccessLevel("read") })),
            .. DefinedLevels.SelectMany(RowsOfLevel),
            Changes($"POST {Level}/archive", 204, [ManagesUsers, Defines()], async (world, _) =>
                new(new { levelId = await world.AccessLevel("archived") })
            ),
            Reads($"GET {Group}/locations", 200),
            Reads($"GET {Location}", 200, [Here], (world, _) => new(new { locationId = world.Here })),
            Changes($"POST {Group}/locations", 201, [ManagesLocations, EverywhereAtOnce], (_, _) =>
                new(new { }, new { name = "Harbour", timeZone = "Australia/Melbourne" })
            ),
            Changes($"PUT {Location}", 204, [ManagesLocations, Here], (world, _) =>
                new(
                    new { locationId = world.Here },
                    new { name = "Main street", timeZone = "Australia/Melbourne" },
                    "*"
                )
            ),
            Reads($"GET {Location}/booked-appointments", 200, [ManagesLocations, Here], (world, _) =>
                new(new { locationId = world.Here })
            ),
            Changes($"POST {Location}/archive", 204, [ManagesLocations, Here], async (world, _) =>
            {
                await world.Sql("update locations.locations set archived_at = null where id = $1", world.Annexe);
                return new(new { locationId = world.Annexe });
            }),
            Changes($"POST {Location}/restore", 204, [ManagesLocations, Here], async (world, _) =>
            {
                await world.Sql("update locations.locations set archived_at = now() where id = $1", world.Annexe);
                return new(new { locationId = world.Annexe });
            }),
            Reads($"GET {Location}/members", 200, [Here], (world, _) => new(new { locationId = world.Here })),
            Changes($"PUT {Location}/members", 204, [ManagesLocations, Here], async (world, _) => new(
                    new { locationId = world.Here },
                    new
                    {
                        userIds = await world.Ids(
                            """
                            select user_id from groups.memberships where group_id = $1 and status = 'Active'
                                and $2 = any(location_ids)
                            """,
                            world.Group.Id,
                            world.Here
                        ),
                    },
                    "*"
                )),
            Reads($"GET {Member}/locations", 200, [], (world, _) => new(new { userId = world.Colleague.Id })),
            Changes(
                $"PUT {Member}/locations",
                204,
                [
                    ManagesLocations,
                    new("manages the member, wherever they work", caller => Within(caller, [], []) ? null : Beyond),
                ],
                (world, _) => new(new { userId = world.Colleague.Id }, new { locationIds = new[] { world.Here } }, "*")
            ) with
            {
                On = "a member who holds nothing",
            },
            // Patients and their records.
            Reads($"GET {Group}/patients", 200),
            Changes($"POST {Group}/patients", 201, [WorksHere], (world, _) => new(new { }, PatientInput(world))),
            .. Both(
                (own, name) =>
                    Reads($"GET {Patient}", 200, [Sees(own)], async (world, caller) =>
                        new(new { patientId = await PatientOf(world, caller, own) })
                    ) with
                    {
                        On = name,
                    }
            ),
            .. Both(
                (own, name) =>
                    Changes($"PUT {Patient}", 204, [Sees(own), Names], async (world, caller) =>
                        new(new { patientId = await PatientOf(world, caller, own) }, PatientInput(world), "*")
                    ) with
                    {
                        On = name,
                    }
            ),
            .. new[] { "archive", "restore" }.SelectMany(act =>
                Both(
                    (own, name) =>
                        Changes($"POST {Patient}/{act}", 204, [Sees(own), Names], async (world, caller) =>
                            new(new { patientId = await world.Patient(own ? caller.Id : world.Colleague.Id) })
                        ) with
                        {
                            On = name,
                        }
                )
            ),
            .. Both(
                (own, name) =>
                    Reads($"GET {Patient}/access", 200, [Sees(own)], async (world, caller) =>
                        new(
                            new
                            {
                                patientId = await world.Patient(
                                    own ? caller.Id : world.Colleague.Id,
                                    Cast.Portal[0].AccountId
                                ),
                            }
                        )
                    ) with
                    {
                        On = name,
                    }
            ),
            .. new[] { "pause", "resume" }.Select(act =>
                Changes(
                    $"POST {Patient}/access/{{grantId}}/{act}",
                    204,
                    [May("othersClinicalRecords"), Sees(own: true), Names],
                    async (world, caller) =>
                    {
                        var account = Cast.Portal[0].AccountId;
                        var patientId = await world.Patient(caller.Id, account);
                        var grantId = await world.Reader(account, paused: act == "resume");
                        return new(
                            new { patientId, grantId },
                            act == "pause" ? new { reason = "A court order" } : null
                        );
                    }
                )
            ),
            .. Both((own, name) => Changes($"POST {Patient}/unlink", 204, [Sees(own), Names], async (world, caller) =>
                    {
                        var addedBy = own ? caller.Id : world.Colleague.Id;
                        var linked = await world.Patient(addedBy, Cast.Portal[0].AccountId);
                        return new(new { patientId = linked }, new { reason = "Claimed for the brother" });
                    }) with { On = name }),
            .. Both(
                (own, name) =>
                    Changes($"POST {Patient}/invite", 202, [Sees(own)], async (world, caller) =>
                        new(new { patientId = await PatientOf(world, caller, own) }, new { })
                    ) with
                    {
                        On = name,
                    }
            ),
            .. Both(
                (own, name) =>
                    Changes($"POST {Patient}/invite", 202, [Sees(own), Names], async (world, caller) =>
                        new(
                            new { patientId = await PatientOf(world, caller, own) },
                            new { guardianEmail = People.NewEmail() }
                        )
                    ) with
                    {
                        On = $"{name}, at an address of one's choice",
                    }
            ),
            .. Both(
                (own, name) =>
                    Reads($"GET {Patient}/appointments", 200, [Sees(own)], async (world, caller) =>
                        new(new { patientId = await PatientOf(world, caller, own) })
                    ) with
                    {
                        On = name,
                    }
            ),
            Changes($"POST {Patient}/appointments", 201, [Sees(own: true)], async (world, caller) =>
                new(new { patientId = await PatientOf(world, caller, own: true) }, AppointmentInput(world, caller.Id))
            ) with
            {
                On = "one's own patient, with oneself",
                Success = caller =>
                    caller.Practitioner ? new Outcome(201) : new Outcome(422, "portal.unknown_practitioner"),
            },
            .. Both(
                (own, name) =>
                    Changes(
                        $"POST {Patient}/appointments",
                        201,
                        [Sees(own), May("othersCalendars")],
                        async (world, caller) =>
                            new(
                                new { patientId = await PatientOf(world, caller, own) },
                                AppointmentInput(world, world.Colleague.Id)
                            )
                    ) with
                    {
                        On = $"{name} patient, with a colleague",
                    }
            ),
            Changes(
                $"POST {Patient}/appointments/{{appointmentId}}/cancel",
                204,
                [Sees(own: true)],
                async (world, caller) =>
                    await AppointmentOf(world, await PatientOf(world, caller, own: true), caller.Id)
            ) with
            {
                On = "one's own patient, with oneself",
            },
            .. Both(
                (own, name) =>
                    Changes(
                        $"POST {Patient}/appointments/{{appointmentId}}/cancel",
                        204,
                        [Sees(own), Shows("othersCalendars")],
                        async (world, caller) =>
                            await AppointmentOf(world, await PatientOf(world, caller, own), world.Colleague.Id)
                    ) with
                    {
                        On = $"{name} patient, with a colleague",
                    }
            ),
            .. Both(
                (own, name) =>
                    Reads($"GET {Patient}/invoices", 200, [Sees(own)], async (world, caller) =>
                        new(new { patientId = await PatientOf(world, caller, own) })
                    ) with
                    {
                        On = name,
                    }
            ),
            Reads($"POST {Group}/invoices/price", 200, [], (_, _) =>
                new(new { }, new { currency = "AUD", lines = new[] { new { quantity = 1.5, unitPrice = "33.33" } } })
            ),
            .. Both((own, name) => Changes($"POST {Patient}/invoices", 201, [Sees(own)], async (world, caller) => new(
                            new { patientId = await PatientOf(world, caller, own) },
                            new
                            {
                                number = $"INV-{world.Next()}",
                                issuedOn = "2026-03-01",
                                dueOn = "2026-03-15",
                                currency = "AUD",
                                lines = new[]
                                {
                                    new
                                    {
                                        description = "Visit",
                                        quantity = 1,
                                        unitPrice = "12.50",
                                    },
                                },
                            }
                        )) with { On = name }),
            Reads($"GET {Group}/invoices", 200),
            Reads($"GET {Group}/reports/invoices", 200, [May("financialReports")]),
            // Exports: of what one may see.
            Reads($"POST {Group}/exports", 202, [Exports], (world, _) => Export(world, "members")),
            Reads($"POST {Group}/exports", 202, [Exports, Clinical(NotAllowed)], (world, _) =>
                Export(world, "clinicalRecords")
            ) with
            {
                On = "clinical records",
            },
            Reads($"POST {Group}/exports", 202, [Exports, ManagesUsers, EverywhereAtOnce], (world, _) =>
                Export(world, "audit")
            ) with
            {
                On = "the audit",
            },
            Reads($"GET {Group}/exports", 200, [Exports]),
            .. new[] { ("GET", "", 200), ("GET", "/file", 200), ("DELETE", "", 204) }.Select(call =>
                Reads(
                    $"{call.Item1} {Group}/exports/{{exportId}}{call.Item2}",
                    call.Item3,
                    [Exports],
                    async (world, caller) => new(new { exportId = await world.Export(caller.Id, "Members") })
                )
            ),
            .. OfInvoice((needs, invoice) => Reads($"GET {Invoice}", 200, needs, invoice)),
            .. OfInvoice((needs, invoice) => Reads($"GET {Invoice}/pdf", 200, needs, invoice)),
            .. OfInvoice(
                (needs, invoice) =>
                    Changes($"POST {Invoice}/payments", 201, needs, async (world, caller) =>
                        await invoice(world, caller) with
                        {
                            Body = new
                            {
                                amount = "1.00",
                                method = "cash",
                                paidOn = "2026-03-02",
                            },
                        }
                    )
            ),
            .. OfInvoice(
                (needs, invoice) =>
                    Changes($"POST {Invoice}/payments/{{paymentId}}/reverse", 204, needs, async (world, caller) =>
                        await invoice(world, caller) with
                        {
                            Body = new { reason = "Bounced" },
                        }
                    )
            ),
            .. OfInvoice(
                (needs, invoice) =>
                    Changes($"POST {Invoice}/void", 204, needs, async (world, caller) =>
                        await invoice(world, caller) with
                        {
                            Body = new { reason = "Issued twice" },
                        }
                    )
            ),
            .. Both(
                (own, name) =>
                    Reads($"GET {Patient}/clinical-records", 200, [Sees(own)], async (world, caller) =>
                        new(new { patientId = await PatientOf(world, caller, own) })
                    ) with
                    {
                        On = name,
                    }
            ),
            Reads($"GET {Patient}/clinical-records/{{recordId}}", 200, [Sees(own: true)], async (world, caller) =>
                await RecordOf(world, await PatientOf(world, caller, own: true), caller.Id)
            ) with
            {
                On = "one's own patient, by oneself",
            },
            .. Both(
                (own, name) =>
                    Reads(
                        $"GET {Patient}/clinical-records/{{recordId}}",
                        200,
                        [Sees(own), Shows("othersClinicalRecords")],
                        async (world, caller) =>
                            await RecordOf(world, await PatientOf(world, caller, own), world.Colleague.Id)
                    ) with
                    {
                        On = $"{name} patient, by a colleague",
                    }
            ),
            .. Both(
                (own, name) =>
                    Changes(
                        $"POST {Patient}/clinical-records",
                        201,
                        [Sees(own), Clinical(NotAllowed)],
                        async (world, caller) =>
                            new(
                                new { patientId = await PatientOf(world, caller, own) },
                                new
                                {
                                    kind = "note",
                                    title = "Visit",
                                    body = "Stiff.",
                                    recordedAt = "2026-03-01T10:00:00Z",
                                }
                            )
                    ) with
                    {
                        On = name,
                    }
            ),
            Changes(
                $"POST {Patient}/clinical-records/{{recordId}}/attachments",
                201,
                RecordNeeds,
                async (world, caller) =>
                {
                    var patientId = await world.Patient(caller.Id);
                    var recordId = await world.Record(patientId, caller.Id, kind: "Document");
                    return new(new { patientId, recordId }, new StringContent("A letter"));
                }
            ),
            Reads(
                $"GET {Patient}/clinical-records/{{recordId}}/attachments/{{attachmentId}}",
                200,
                [Sees(own: true)],
                async (world, caller) =>
                {
                    var patientId = await world.Patient(caller.Id);
                    var recordId = await world.Record(patientId, caller.Id, kind: "Document");
                    return new(
                        new
                        {
                            patientId,
                            recordId,
                            attachmentId = await world.Attachment(patientId, recordId),
                        }
                    );
                }
            ),
            Changes($"POST {Patient}/clinical-records/{{recordId}}/share", 204, RecordNeeds, (world, caller) =>
                OwnRecordOf(world, caller, null, shared: false)
            ) with
            {
                On = "by oneself",
            },
            Changes($"POST {Patient}/clinical-records/{{recordId}}/withhold", 204, RecordNeeds, (world, caller) =>
                OwnRecordOf(world, caller, new { reason = "Sent by mistake" }, shared: true)
            ) with
            {
                On = "by oneself",
            },
            Changes($"POST {Patient}/clinical-records/{{recordId}}/amendments", 201, RecordNeeds, (world, caller) =>
                OwnRecordOf(world, caller, new { text = "The left knee." }, shared: false)
            ) with
            {
                On = "by oneself",
            },
            // The calendar, and what comes from the portal.
            Reads($"GET {Group}/overview", 200),
            Reads($"GET {Group}/requests/open-count", 200),
            Reads($"GET {Group}/appointments", 200),
            Reads($"GET {Feed}", 200, [], async (world, caller) => await FeedOf(world, caller)),
            // That a session which is not verified is refused, the tests of the call show.
            Reads($"POST {Feed}", 200),
            Reads($"DELETE {Feed}", 204, [], async (world, caller) => await FeedOf(world, caller)),
            Reads($"GET {Group}/free-slots", 200, [May("othersCalendars"), WorksHere], (world, _) =>
                new(new { }, Query: $"?practitionerId={world.Colleague.Id}&locationId={world.Here}")
            ),
            Reads($"GET {Appointment}", 200, [Sees(own: true)], async (world, caller) =>
                await AppointmentOf(world, await PatientOf(world, caller, own: true), caller.Id)
            ) with
            {
                On = "one's own patient, with oneself",
            },
            .. Both(
                (own, name) =>
                    Reads($"GET {Appointment}", 200, [Sees(own), Shows("othersCalendars")], async (world, caller) =>
                        await AppointmentOf(world, await PatientOf(world, caller, own), world.Colleague.Id)
                    ) with
                    {
                        On = $"{name} patient, with a colleague",
                    }
            ),
            Changes($"PUT {Appointment}", 204, [Sees(own: true)], async (world, caller) =>
                await AppointmentOf(world, await PatientOf(world, caller, own: true), caller.Id) with
                {
                    Body = AppointmentInput(world, caller.Id),
                    ETag = "*",
                }
            ) with
            {
                On = "one's own patient, with oneself",
                Success = caller =>
                    caller.Practitioner ? new Outcome(204) : new Outcome(422, "portal.unknown_practitioner"),
            },
            .. Both(
                (own, name) =>
                    Changes($"PUT {Appointment}", 204, [Sees(own), Shows("othersCalendars")], async (world, caller) =>
                        await AppointmentOf(world, await PatientOf(world, caller, own), world.Colleague.Id) with
                        {
                            Body = AppointmentInput(world, world.Colleague.Id),
                            ETag = "*",
                        }
                    ) with
                    {
                        On = $"{name} patient, with a colleague",
                    }
            ),
            .. new[] { "arrive", "complete", "no-show", "cancel" }.SelectMany(step =>
                Both(
                        (own, name) =>
                            Changes(
                                $"POST {Appointment}/{step}",
                                204,
                                [Sees(own), Shows("othersCalendars")],
                                async (world, caller) =>
                                    await AppointmentOf(
                                        world,
                                        await PatientOf(world, caller, own),
                                        world.Colleague.Id,
                                        inHours: -1
                                    )
                            ) with
                            {
                                On = $"{name} patient, with a colleague",
                            }
                    )
                    .Append(
                        Changes($"POST {Appointment}/{step}", 204, [Sees(own: true)], async (world, caller) =>
                            await AppointmentOf(
                                world,
                                await PatientOf(world, caller, own: true),
                                caller.Id,
                                inHours: -1
                            )
                        ) with
                        {
                            On = "one's own patient, with oneself",
                        }
                    )
            ),
            Reads($"GET {Group}/requests", 200),
            .. new[] { "confirm", "decline" }.SelectMany(act =>
                Both(
                    (own, name) =>
                        Changes(
                            $"POST {Request}/{act}",
                            204,
                            [Sees(own), Shows("othersCalendars")],
                            async (world, caller) =>
                                new(
                                    new
                                    {
                                        requestId = await world.Request(
                                            await PatientOf(world, caller, own),
                                            "Appointment",
                                            world.Colleague.Id
                                        ),
                                    }
                                )
                        ) with
                        {
                            On = $"{name} patient, for a colleague",
                        }
                )
            ),
            .. new[] { "confirm", "decline" }.SelectMany(act =>
                new[]
                {
                    Changes(
                        $"POST {Request}/{act}",
                        204,
                        [Sees(own: true), Clinical(NotFound)],
                        async (world, caller) =>
                            new(
                                new
                                {
                                    requestId = await world.Request(
                                        await PatientOf(world, caller, own: true),
                                        "HealthNote",
                                        null
                                    ),
                                }
                            )
                    ) with
                    {
                        On = "a health note of one's own patient",
                    },
                    Changes(
                        $"POST {Request}/{act}",
                        204,
                        [Sees(own: false), Shows("othersClinicalRecords")],
                        async (world, caller) =>
                            new(
                                new
                                {
                                    requestId = await world.Request(
                                        await PatientOf(world, caller, own: false),
                                        "HealthNote",
                                        null
                                    ),
                                }
                            )
                    ) with
                    {
                        On = "a health note of a colleague's patient",
                    },
                }
            ),
        ];

    private static Need ManagesOwner => new("only owners manage owners", caller => caller.Owner ? null : Beyond);

    private static object Nurse => new { profession = "nurse" };

    private static Need May(string setting) => new($"`{setting}`", caller => caller.May(setting) ? null : NotAllowed);

    /// <summary>Without the setting there is no such thing, since it is a colleague's.</summary>
    private static Need Shows(string setting) => new($"`{setting}`", caller => caller.May(setting) ? null : NotFound);

    /// <summary>Clinical: for practitioners, and members who see others' clinical records.</summary>
    private static Need[] RecordNeeds => [Sees(own: true), Clinical(NotAllowed)];

    private static Need Clinical(Outcome denied) =>
        new("practitioner, or `othersClinicalRecords`", caller =>
            caller.Practitioner || caller.May("othersClinicalRecords") ? null : denied
        );

    /// <summary>
    /// A patient is seen at the locations in reach: one's own by every member, others' with the setting.
    /// </summary>
    private static Need Sees(bool own) =>
        new(own ? "the location in reach" : "`othersPatients`, the location in reach", caller =>
            caller.ReachesHere && (own || caller.May("othersPatients")) ? null : NotFound
        );

    /// <summary>
    /// No member manages one who holds more, or who works where they don't, or lifts a restriction that they have
    /// themselves.
    /// </summary>
    private static Need Manages(bool carries) =>
        new("manages the member", caller =>
            Within(caller, [], carries ? Catalogue.Restrictive : []) && Reaches(caller) ? null : Beyond
        );

    private static Need Grants(string roleType, string level) =>
        new($"grants nothing beyond their own (`{level}`)", caller =>
            Within(caller, Catalogue.Levels[(roleType, level)], []) && Reaches(caller) ? null : Beyond
        );

    private static IEnumerable<Row> RowsOfLevel(string[] opened)
    {
        yield return Changes($"POST {Group}/access-levels", 201, [ManagesUsers, Defines(opened)], async (world, _) =>
        {
            await world.AccessLevel("read");
            return new(new { }, LevelInput(world, opened));
        }) with
        {
            On = Opened(opened),
        };
        yield return Changes($"PUT {Level}", 204, [ManagesUsers, Defines(opened)], async (world, _) =>
            new(new { levelId = await world.AccessLevel("changed") }, LevelInput(world, opened, "Other"), "*")
        ) with
        {
            On = Opened(opened),
        };
        yield return Reads($"POST {Level}/preview", 200, [ManagesUsers, Defines(opened)], async (world, _) =>
            new(new { levelId = await world.AccessLevel("previewed") }, LevelInput(world, opened))
        ) with
        {
            On = Opened(opened),
        };
    }

    private static Need Defines(params string[] opened) =>
        new(
            opened.Length == 0
                ? "defines nothing beyond their own"
                : $"has themselves: `{string.Join("`, `", opened)}`",
            caller => Within(caller, opened, []) ? null : Beyond
        );

    private static string Opened(string[] opened) =>
        opened.Length == 0 ? "a level that opens nothing" : $"a level that opens `{string.Join("`, `", opened)}`";

    private static object LevelInput(World world, string[] opened, string name = "Made") =>
        new
        {
            name = $"{name} {world.Next()}",
            roleType = "practitioner",
            settings = opened.ToDictionary(setting => setting, _ => true),
        };

    private static bool Within(StaffCaller caller, IEnumerable<string> opened, IEnumerable<string> carried) =>
        caller.Owner || (opened.All(caller.May) && Catalogue.Restrictive.Where(caller.May).All(carried.Contains));

    private static bool Reaches(StaffCaller caller) => caller.Owner || caller.ReachesHere;

    private static async Task<Call> FeedOf(World world, StaffCaller caller)
    {
        await world.Feed(caller.Id);
        return new(new { });
    }

    private static Row Reads(
        string route,
        int success,
        Need[]? needs = null,
        Func<World, StaffCaller, Call>? prepare = null
    ) =>
        Reads(route, success, needs ?? [], (world, caller) =>
            Task.FromResult(prepare?.Invoke(world, caller) ?? new Call(new { }))
        );

    private static Row Reads(string route, int success, Need[] needs, Func<World, StaffCaller, Task<Call>> prepare) =>
        new(route, "", [Session, Membership, .. needs], _ => new Outcome(success), prepare);

    private static Row Changes(string route, int success, Need[] needs, Func<World, StaffCaller, Call> prepare) =>
        Changes(route, success, needs, (world, caller) => Task.FromResult(prepare(world, caller)));

    private static Row Changes(string route, int success, Need[] needs, Func<World, StaffCaller, Task<Call>> prepare) =>
        new(route, "", [Session, Membership, Writes, .. needs], _ => new Outcome(success), prepare);

    private static Row[] Both(Func<bool, string, Row> row) => [row(true, Ones), row(false, Anybodys)];

    /// <summary>On an invoice that one has issued to one's own patient, and on a colleague's.</summary>
    private static Row[] OfInvoice(Func<Need[], Func<World, StaffCaller, Task<Call>>, Row> row) =>
        Both((own, name) => row(own ? [Sees(own)] : [Sees(own), Shows("othersInvoices")], async (world, caller) =>
                {
                    var issuer = own ? caller.Id : world.Colleague.Id;
                    var (invoice, payment) = await world.Invoice(await world.Patient(issuer), issuer);
                    return new(new { invoiceId = invoice, paymentId = payment });
                }) with { On = name });

    private static Outcome WebhookTurnedOff => new(409, "webhooks.disabled");

    private static object WebhookInput(bool? enabled = null)
    {
        var (url, events) = ("https://hooks.practice.com/", new[] { "member.joined" });
        return enabled is null
            ? new { url, events }
            : new
            {
                url,
                events,
                enabled,
            };
    }

    /// <summary>The same needs as those of the API's own calls, for each type of FHIR.</summary>
    private static IEnumerable<Row> FhirRows =>
        [
            .. new[]
            {
                "Organization",
                "Practitioner",
                "PractitionerRole",
                "Location",
                "Patient",
                "Appointment",
                "Invoice",
            }.SelectMany(type => Searches(type, [], "")),
            .. new[] { "RelatedPerson", "Consent", "DocumentReference" }.SelectMany(type =>
                Searches(type, [], $"?patient={Guid.Empty}")
            ),
            .. Searches("AuditEvent", [ManagesUsers, EverywhereAtOnce], ""),
            Read("Organization", [], world => Task.FromResult($"{world.Group.Id}")),
            Read("Practitioner", [], world => Task.FromResult($"{world.Colleague.Id}")),
            Read("PractitionerRole", [], world => Task.FromResult($"{world.Colleague.Id:N}{world.Here:N}")),
            Read("Location", [Here], world => Task.FromResult($"{world.Here}")),
            Read("AuditEvent", [ManagesUsers, EverywhereAtOnce], async world => $"{await world.AuditEntry()}"),
            .. Both(
                (own, name) =>
                    Reads($"GET {Fhir}/Patient/{{id}}", 200, [Sees(own)], async (world, caller) =>
                        new(new { id = await PatientOf(world, caller, own) })
                    ) with
                    {
                        On = name,
                    }
            ),
            .. Both(
                (own, name) =>
                    Reads(
                        $"GET {Fhir}/Appointment/{{id}}",
                        200,
                        own ? [Sees(own)] : [Sees(own), Shows("othersCalendars")],
                        async (world, caller) =>
                        {
                            var practitioner = own ? caller.Id : world.Colleague.Id;
                            return new(
                                new { id = await world.Appointment(await world.Patient(practitioner), practitioner) }
                            );
                        }
                    ) with
                    {
                        On = name,
                    }
            ),
            .. Both(
                (own, name) =>
                    Reads(
                        $"GET {Fhir}/Invoice/{{id}}",
                        200,
                        own ? [Sees(own)] : [Sees(own), Shows("othersInvoices")],
                        async (world, caller) =>
                        {
                            var issuer = own ? caller.Id : world.Colleague.Id;
                            return new(new { id = (await world.Invoice(await world.Patient(issuer), issuer)).Item1 });
                        }
                    ) with
                    {
                        On = name,
                    }
            ),
            .. Both(
                (own, name) =>
                    Reads(
                        $"GET {Fhir}/DocumentReference/{{id}}",
                        200,
                        own ? [Sees(own)] : [Sees(own), Shows("othersClinicalRecords")],
                        async (world, caller) =>
                        {
                            var author = own ? caller.Id : world.Colleague.Id;
                            return new(new { id = await world.Record(await world.Patient(author), author) });
                        }
                    ) with
                    {
                        On = name,
                    }
            ),
            .. new[] { "RelatedPerson", "Consent" }.SelectMany(type =>
                Both((own, name) => Reads($"GET {Fhir}/{type}/{{id}}", 200, [Sees(own)], async (world, caller) =>
                        {
                            var account = Cast.Portal[0].AccountId;
                            var patient = await world.Patient(own ? caller.Id : world.Colleague.Id, account);
                            return new(new { id = $"{patient:N}{await world.Reader(account, paused: false):N}" });
                        }) with { On = name })
            ),
        ];

    private static Row[] Searches(string type, Need[] needs, string query) =>
        [
            Reads($"GET {Fhir}/{type}", 200, needs, (_, _) => new(new { }, Query: query)),
            Reads($"POST {Fhir}/{type}/_search", 200, needs, (_, _) => new(new { }, Query: query)),
        ];

    private static Row Read(string type, Need[] needs, Func<World, Task<string>> id) =>
        Reads($"GET {Fhir}/{type}/{{id}}", 200, needs, async (world, _) => new(new { id = await id(world) }));

    private static Call Export(World world, string kind) =>
        new(new { }, new { kinds = new[] { kind } }, Afterwards: () => world.Sql("delete from portal.exports"));

    private static Call Oneself(World world, StaffCaller caller) => new(new { userId = caller.Id });

    private static Task<Guid> PatientOf(World world, StaffCaller caller, bool own) =>
        world.Patient(own ? caller.Id : world.Colleague.Id);

    private static async Task<Call> AppointmentOf(World world, Guid patient, Guid practitioner, int inHours = 24) =>
        new(
            new
            {
                patientId = patient,
                appointmentId = await world.Appointment(patient, practitioner, inHours: inHours),
            }
        );

    /// <summary>One's own record of one's own patient.</summary>
    private static async Task<Call> OwnRecordOf(World world, StaffCaller caller, object? body, bool shared)
    {
        var patient = await PatientOf(world, caller, own: true);
        var recordId = await world.Record(patient, caller.Id, shared: shared);
        return new(new { patientId = patient, recordId }, body);
    }

    private static async Task<Call> RecordOf(World world, Guid patient, Guid author) =>
        new(new { patientId = patient, recordId = await world.Record(patient, author) });

    private static async Task<Call> Invited(World world, string what, object? body = null)
    {
        var id = world.Invited[what];
        await world.Sql(
            """
            update groups.invitations
            set status = 'Pending', answered_at = null, sent_at = now() - interval '1 day',
                expires_at = now() + interval '6 days'
            where id = $1
            """,
            id
        );
        return new(new { invitationId = id }, body, body is null ? null : "*");
    }

    private static Dictionary<string, object?> NewMember(World world, string level) =>
        Practice.TestKit.Group.Member(
            People.NewEmail(),
            level,
            "temporary horse battery",
            "practitioner",
            null,
            [world.Here]
        );

    private static object PatientInput(World world) =>
        new
        {
            firstName = "Jo",
            lastName = "Reed",
            dateOfBirth = "1990-02-03",
            locationId = world.Here,
            acceptDuplicate = true,
        };

    private static object AppointmentInput(World world, Guid practitioner)
    {
        var starts = world.NextHour();
        return new
        {
            startsAt = starts,
            endsAt = starts.AddMinutes(30),
            practitionerId = practitioner,
            locationId = world.Here,
        };
    }

    private static StringContent Csv() =>
        new(
            "firstName,lastName,roleType,profession,email,accessLevel\n"
                + $"Ben,Ray,practitioner,nurse,{People.NewEmail()},personal\n",
            new MediaTypeHeaderValue("text/csv")
        );
}
