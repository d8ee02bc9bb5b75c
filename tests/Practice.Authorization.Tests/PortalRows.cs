using Need = Practice.Authorization.Tests.Need<Practice.Authorization.Tests.PortalCaller>;
using Row = Practice.Authorization.Tests.Row<Practice.Authorization.Tests.PortalCaller>;

namespace Practice.Authorization.Tests;

/// <summary>Every call that names a portal account, with what the domain asks of who makes it.</summary>
public static class PortalRows
{
    private const string Account = "/api/portal/accounts/{accountId}",
        Access = $"{Account}/access",
        Grant = $"{Access}/{{grantId}}";

    private static readonly Need Session = new("", caller => caller.WithoutSession);

    /// <summary>
    /// Own, dependant's or granted, at this moment. A caller who never had access is not told that there is such an
    /// account.
    /// </summary>
    private static readonly Need Opened = new("may open the account", caller => caller.Opens switch
        {
            Opens.Never => new Outcome(404, "request.not_found"),
            Opens.NoLonger => new Outcome(403, "portal.grant_not_current"),
            _ => null,
        });

    private static readonly Need Holder = new("holder or guardian", caller =>
        caller.Opens == Opens.AsHolder ? null : new Outcome(403, "portal.not_the_holder")
    );
    private static readonly Need Clinical = new("`clinical`", caller =>
        caller.Clinical ? null : new Outcome(403, "portal.clinical_not_granted")
    );
    private static readonly Need Edit = new("`edit`", caller =>
        caller.Edit ? null : new Outcome(403, "portal.view_only")
    );
    private static readonly Need OfTheAccount = new("it being the account's", _ => new Outcome(
        404,
        "request.not_found"
    ));

    public static IReadOnlyList<Row> All { get; } =
    [
        // The account and what it shows.
        Row($"GET {Account}", 200, []),
        Row($"PUT {Account}/details", 204, [Edit], (_, _) =>
            new(new { }, new { phone = "0400 000 555", address = "1 Main street" }, "*")
        ) with
        {
            On = "phone and address",
        },
        Row($"PUT {Account}/details", 204, [Edit, Holder], async (world, caller) =>
        {
            await world.Sql(
                "update portal.accounts set time_zone = 'Australia/Melbourne' where id = $1",
                caller.AccountId
            );
            return new(new { }, new { timeZone = "Australia/Sydney" }, "*");
        }) with
        {
            On = "the time zone, in which ages and last days are calculated",
        },
        Row($"GET {Account}/appointments", 200, []),
        Row($"GET {Account}/invoices", 200, []),
        .. new[] { "", "/pdf" }.SelectMany(form =>
            new[]
            {
                Row($"GET {Account}/invoices/{{invoiceId}}{form}", 200, [], async (world, caller) =>
                    new(
                        new
                        {
                            invoiceId = (
                                await world.Invoice(world.PatientOf(caller), world.Colleague.Id, caller.AccountId)
                            ).Id,
                        }
                    )
                ) with
                {
                    On = "the account's",
                },
                Row($"GET {Account}/invoices/{{invoiceId}}{form}", 200, [OfTheAccount], async (world, _) =>
                    new(
                        new
                        {
                            invoiceId = (
                                await world.Invoice(await world.Patient(world.Colleague.Id), world.Colleague.Id)
                            ).Id,
                        }
                    )
                ) with
                {
                    On = "another person's",
                },
            }
        ),
        Row($"GET {Account}/appointment-requests", 200, []),
        Row($"GET {Account}/clinical-records", 200, [Clinical]),
        Row($"GET {Account}/clinical-records/{{recordId}}", 200, [Clinical], async (world, caller) =>
            new(new { recordId = await world.Record(world.PatientOf(caller), world.Colleague.Id, caller.AccountId) })
        ) with
        {
            On = "the account's",
        },
        Row($"GET {Account}/clinical-records/{{recordId}}", 200, [Clinical, OfTheAccount], async (world, _) =>
            new(new { recordId = await world.Record(await world.Patient(world.Colleague.Id), world.Colleague.Id) })
        ) with
        {
            On = "another person's",
        },
        Row(
            $"GET {Account}/clinical-records/{{recordId}}/attachments/{{attachmentId}}",
            200,
            [Clinical],
            async (world, caller) =>
            {
                var patient = world.PatientOf(caller);
                var recordId = await world.Record(patient, world.Colleague.Id, caller.AccountId, kind: "Document");
                return new(new { recordId, attachmentId = await world.Attachment(patient, recordId) });
            }
        ),
        Row($"GET {Account}/health-notes", 200, [Clinical]),
        // What is sent to the practice.
        Row($"POST {Account}/appointments", 201, [Edit], (world, _) =>
            new(new { }, new { groupId = world.Group.Id, startsAt = DateTimeOffset.UtcNow.AddDays(5) })
        ),
        Row($"POST {Account}/appointments/{{appointmentId}}/cancel", 204, [Edit], async (world, caller) =>
            new(
                new
                {
                    appointmentId = await world.Appointment(
                        world.PatientOf(caller),
                        world.Colleague.Id,
                        caller.AccountId
                    ),
                }
            )
        ) with
        {
            On = "the account's",
        },
        Row($"POST {Account}/appointments/{{appointmentId}}/cancel", 204, [Edit, OfTheAccount], async (world, _) =>
            new(
                new
                {
                    appointmentId = await world.Appointment(
                        await world.Patient(world.Colleague.Id),
                        world.Colleague.Id
                    ),
                }
            )
        ) with
        {
            On = "another person's",
        },
        Row($"POST {Account}/health-notes", 201, [Clinical, Edit], (_, _) =>
            new(new { }, new { text = "Slept badly." })
        ),
        // Who else may open it: never for a grantee, whatever was granted.
        Row($"GET {Account}/export", 200, [Holder]),
        Row($"GET {Access}", 200, [Holder]),
        Row($"POST {Access}", 202, [Holder], (_, _) => new(
                new { },
                new
                {
                    email = People.NewEmail(),
                    role = "view",
                    level = "administrative",
                }
            )) with
        {
            On = "`administrative`",
        },
        Row($"POST {Access}", 202, [Holder, Clinical], (_, _) => new(
                new { },
                new
                {
                    email = People.NewEmail(),
                    role = "view",
                    level = "clinical",
                }
            )) with
        {
            On = "`clinical`",
        },
        Row($"GET {Grant}", 200, [Holder], async (world, caller) =>
            new(new { grantId = await world.Grant(caller.AccountId) })
        ) with
        {
            On = "the account's",
        },
        Row($"GET {Grant}", 200, [Holder, OfTheAccount], async (world, _) =>
            new(new { grantId = await world.Grant(Guid.CreateVersion7()) })
        ) with
        {
            On = "another person's",
        },
        Row($"PUT {Grant}", 204, [Holder], async (world, caller) => Decision(await world.Grant(caller.AccountId))) with
        {
            On = "the account's, to `administrative`",
        },
        Row($"PUT {Grant}", 204, [Holder, Clinical], async (world, caller) =>
            Decision(await world.Grant(caller.AccountId), "clinical")
        ) with
        {
            On = "the account's, to `clinical`",
        },
        Row($"PUT {Grant}", 204, [Holder, OfTheAccount], async (world, _) =>
            Decision(await world.Grant(Guid.CreateVersion7()))
        ) with
        {
            On = "another person's",
        },
        Row($"GET {Account}/guardians", 200, [Holder]),
        Row($"POST {Account}/guardians", 202, [Holder], (_, _) =>
            new(new { }, new { email = People.NewEmail(), relationship = "parent" })
        ) with
        {
            Success = caller => caller.Dependant ? new Outcome(202) : new Outcome(409, "portal.not_a_dependant"),
        },
        Row($"GET {Account}/access-log", 200, [Holder]),
    ];

    private static Row Row(string route, int success, Need[] needs, Func<World, PortalCaller, Call>? prepare = null) =>
        Row(route, success, needs, (world, caller) =>
            Task.FromResult(prepare?.Invoke(world, caller) ?? new Call(new { }))
        );

    private static Row Row(string route, int success, Need[] needs, Func<World, PortalCaller, Task<Call>> prepare) =>
        new(route, "", [Session, Opened, .. needs], _ => new Outcome(success), prepare);

    private static Call Decision(Guid grant, string level = "administrative") =>
        new(
            new { grantId = grant },
            new
            {
                status = "current",
                role = "view",
                level,
            },
            "*"
        );
}
