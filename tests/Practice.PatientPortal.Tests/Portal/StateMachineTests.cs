using System.Globalization;
using CsCheck;

namespace Practice.PatientPortal.Tests.Portal;

/// <summary>
/// Random sequences of requests, decisions, withdrawals, grants and waiting, by several people, compared with a model
/// of the rules. After every step the model and the product must agree on what each side sees and who has access.
/// </summary>
public sealed class StateMachineTests
{
    private static readonly int Sequences = AtOnce.Rounds(12);
    private const int Askers = 2;

    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Int[0, Askers - 1],
        Gen.Frequency(
            (4, Gen.Const(Act.Ask)),
            (3, Gen.Const(Act.Approve)),
            (1, Gen.Const(Act.ApproveForTwoDays)),
            (3, Gen.Const(Act.Deny)),
            (2, Gen.Const(Act.Withdraw)),
            (1, Gen.Const(Act.Give)),
            (1, Gen.Const(Act.WaitFiveDays)),
            (1, Gen.Const(Act.WaitThirtyDays))
        ),
        (who, act) => new Step(who, act)
    );

    [Fact]
    public async Task The_rules_hold_for_any_sequence_of_acts()
    {
        await using var app = await TestApp.StartAsync();
        Steps
            .Array[4, 14]
            .Sample(
                steps => Run(app, steps).GetAwaiter().GetResult(),
                iter: Sequences,
                threads: 1,
                print: steps => string.Join(", ", steps)
            );
    }

    private static async Task Run(TestApp app, Step[] steps)
    {
        var holder = await app.NewHolder();
        var askers = new List<(Holder Holder, Model Model)>();
        for (var asker = 0; asker < Askers; asker++)
            askers.Add((await app.NewHolder(), new Model()));

        foreach (var step in steps)
        {
            var (other, model) = askers[step.Who];
            var now = app.Clock.GetUtcNow();
            switch (step.Act)
            {
                case Act.Ask:
                    await other.Asks(holder.Email);
                    await app.SettlesAsync();
                    model.Ask(now);
                    break;
                case Act.Give:
                    (
                        await holder.Api.Post(
                            $"{holder.Path}/access",
                            new
                            {
                                email = other.Email,
                                role = "view",
                                level = "clinical",
                            }
                        )
                    ).Should(202);
                    await app.SettlesAsync();
                    model.Give(now);
                    break;
                case Act.Approve or Act.ApproveForTwoDays or Act.Deny:
                    if (model.HolderSees(now) is null)
                        continue;
                    var endsOn = step.Act == Act.ApproveForTwoDays ? Today(now).AddDays(2) : (DateOnly?)null;
                    (
                        await holder.Decides(
                            (await holder.Sees(other.Email)).Id,
                            step.Act == Act.Deny ? "disabled" : "current",
                            endsOn: endsOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                        )
                    ).Should(204);
                    model.Decide(step.Act != Act.Deny, endsOn, now);
                    break;
                case Act.Withdraw:
                    if (
                        (await other.Asked()).FirstOrDefault()
                        is not { ValueKind: System.Text.Json.JsonValueKind.Object } mine
                    )
                        continue;
                    (await other.Api.Delete($"/api/portal/access/{mine.GetProperty("grantId").GetGuid()}")).Should(204);
                    model.Withdraw(now);
                    break;
                default:
                    await app.PassesAsync(TimeSpan.FromDays(step.Act == Act.WaitFiveDays ? 5 : 30));
                    holder = await holder.SignsInAgain();
                    for (var asker = 0; asker < Askers; asker++)
                        askers[asker] = (await askers[asker].Holder.SignsInAgain(), askers[asker].Model);
                    break;
            }

            foreach (var (person, expected) in askers)
                await Agree(holder, person, expected, app.Clock.GetUtcNow());
        }
    }

    private static async Task Agree(Holder holder, Holder other, Model model, DateTimeOffset now)
    {
        Assert.Equal(
            model.AskerSees(now),
            (await other.Asked()).Select(item => item.GetProperty("status").GetString()!)
        );
        Assert.Equal(
            model.HolderSees(now),
            (await holder.Api.GetAll($"{holder.Path}/access"))
                .Where(item => item.GetProperty("email").GetString() == other.Email)
                .Select(item => item.GetProperty("status").GetString())
                .SingleOrDefault()
        );
        Assert.Equal(model.LetIn(now), (await other.Api.Get(holder.Path)).Status);
        Assert.Equal(model.LetIn(now) == 200, (await other.Person.Accounts()).ContainsKey(holder.AccountId));
    }

    private static DateOnly Today(DateTimeOffset now) =>
        DateOnly.FromDateTime(
            TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById("Australia/Melbourne")).DateTime
        );

    private enum Act
    {
        Ask,
        Approve,
        ApproveForTwoDays,
        Deny,
        Withdraw,
        Give,
        WaitFiveDays,
        WaitThirtyDays,
    }

    private sealed record Step(int Who, Act Act)
    {
        public override string ToString() => $"{Who} {Act}";
    }

    /// <summary>The state between one requester and the holder, by the rules of the domain.</summary>
    private sealed class Model
    {
        private static readonly TimeSpan ThirtyDays = TimeSpan.FromDays(30);

        private string? _status; // as the holder sees it: pending, current or disabled
        private DateTimeOffset _askedAt;
        private bool _approvedOnce,
            _everLetIn;
        private DateTimeOffset? _deniedAt;
        private DateOnly? _endsOn;
        private DateTimeOffset? _withoutEffectSince; // a request after a recent denial

        public void Ask(DateTimeOffset now)
        {
            if (AskerSees(now).Contains("pending") || (_status == "current" && !Ended(now)))
                return;
            if (now < _deniedAt + ThirtyDays)
                _withoutEffectSince = now;
            else
                (_status, _askedAt, _approvedOnce, _deniedAt, _endsOn) = ("pending", now, false, null, null);
        }

        public void Give(DateTimeOffset now)
        {
            if (_status is null or "disabled" || Lapsed(now))
                _askedAt = now;
            Decide(true, null, now);
        }

        public void Decide(bool approve, DateOnly? endsOn, DateTimeOffset now)
        {
            if (!approve && _status != "disabled")
                _deniedAt = now;
            if (approve)
                (_approvedOnce, _everLetIn, _deniedAt, _withoutEffectSince) = (true, true, null, null);
            (_status, _endsOn) = (approve ? "current" : "disabled", endsOn);
        }

        public void Withdraw(DateTimeOffset now)
        {
            if (now < _withoutEffectSince + ThirtyDays)
                _withoutEffectSince = null;
            else
                (_status, _endsOn) = (null, null);
        }

        /// <summary>Newest first: a request without effect looks like any other, beside what was revoked.</summary>
        public IEnumerable<string> AskerSees(DateTimeOffset now)
        {
            if (now < _withoutEffectSince + ThirtyDays)
                yield return "pending";
            if (_status is not null && _approvedOnce)
                yield return Ended(now) ? "disabled" : _status;
            else if (_status is not null && now < _askedAt + ThirtyDays)
                yield return "pending";
        }

        public string? HolderSees(DateTimeOffset now) =>
            Lapsed(now) ? null
            : Ended(now) ? "disabled"
            : _status;

        public int LetIn(DateTimeOffset now) =>
            _status == "current" && !Ended(now) ? 200
            : _everLetIn ? 403
            : 404;

        private bool Lapsed(DateTimeOffset now) => _status == "pending" && now >= _askedAt + ThirtyDays;

        private bool Ended(DateTimeOffset now) => _status == "current" && _endsOn < Today(now);
    }
}
