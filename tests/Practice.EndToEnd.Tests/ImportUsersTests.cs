using System.Globalization;
using System.Text;

namespace Practice.EndToEnd.Tests;

public sealed class ImportUsersTests
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task A_file_is_checked_first_and_then_its_people_are_added(bool script)
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        var known = await site.Host.SignUpAndConfirm();
        var fresh = People.NewEmail();
        await using var screen = await site.OpenAsOwnerAsync(
            script ? Device.DesktopAndPhoneDark : Device.NoScript,
            $"{group.Users()}/import"
        );
        await screen.InspectAsync("import");

        await screen.Button("Check the file").ClickAsync();
        await screen.SeesErrorAsync("Choose a file");
        await ChooseAsync(screen, new string('x', 5 * 1024 * 1024));
        await screen.SeesErrorAsync("The file is larger than 4 MB.");
        await ChooseAsync(screen, "firstName,password\nAda,secret\n");
        await screen.SeesErrorAsync("Do not put passwords in the file");
        await screen.InspectAsync("import-error");

        await ChooseAsync(
            screen,
            $"""

            First name;Last name;Role Type;Profession;E-mail;Access Level;Locations
            Zoë;Ray;Administrator;Receptionist;{fresh};Reception;Main street
            Cy;Lund;Practitioner;Nurse;{People.NewEmail()};Manager

            Ines;Vale;Administrator;Receptionist;{known.Email};Reception;
            Olive;Hart;Administrator;Receptionist;{group.Owner.Email};Reception;

            """,
            Encoding.Latin1 // as Excel saves it in Europe, where that is Windows-1252 too
        );
        await screen.SeesAsync("we read it as Windows text: Zoë.");
        await screen.SeesAsync("Rows with problems");
        await Assertions
            .Expect(screen.Row("accessLevel: This access level is not for the member's role type."))
            .ToBeVisibleAsync();
        await screen.InspectAsync("import-checked");
        Assert.Single((await group.Owner.Api.Get($"{group.Path}/members")).Should(200).Items); // nothing is done yet

        await screen.Button("Add these 2 people").ClickAsync();
        await Assertions.Expect(screen.Heading("Done")).ToBeVisibleAsync();
        await screen.SeesAsync("added or invited (they get an email)");
        await screen.InspectAsync("import-done");
        var members = (await group.Owner.Api.Get($"{group.Path}/members")).Should(200).Items;
        Assert.Equal(2, members.Count);
        Assert.Contains(members, member => member.GetProperty("firstName").GetString() == "Zoë");
        Assert.Single((await group.Owner.Api.Get($"{group.Path}/invitations")).Should(200).Items);
        Assert.NotNull((await site.Host.Mail.WaitFor(fresh)).Token);
    }

    [Fact]
    public async Task The_import_of_a_large_file_shows_its_progress()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        await using var screen = await site.OpenAsOwnerAsync(Device.Desktop, $"{group.Users()}/import");
        var csv = new StringBuilder("firstName,lastName,roleType,profession,email,accessLevel\n");
        for (var i = 1; i <= Rows; i++)
            csv.AppendLine(
                CultureInfo.InvariantCulture,
                $"Robin,Row{i:000},administrator,receptionist,{People.NewEmail()},reception"
            );
        await ChooseAsync(screen, csv.ToString());

        // Records the progress messages as they change, since a poll could miss some.
        await screen.Page.EvaluateAsync(
            """
            () => { window.messages = []; new MutationObserver(() => {
                const now = document.querySelector('[role="status"]')?.textContent;
                if (now && now !== window.messages.at(-1)) window.messages.push(now);
            }).observe(document.body, { subtree: true, childList: true, characterData: true }); }
            """
        );
        await screen.Button($"Add these {Rows} people").ClickAsync();
        await Assertions.Expect(screen.Heading("Done")).ToBeVisibleAsync(new() { Timeout = 120_000 });
        var messages = await screen.Page.EvaluateAsync<string[]>("() => window.messages");
        Assert.True(
            messages.Count(message => message.Contains($"of {Rows} rows done", StringComparison.Ordinal)) >= 2,
            string.Join(" | ", messages)
        );
        await screen.SeesAsync($"{Rows} rows without problems");
        await screen.InspectAsync("import-large-done");
    }

    private const int Rows = 150;

    private static async Task ChooseAsync(Screen screen, string csv, Encoding? encoding = null)
    {
        await screen
            .Field("File")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "staff.csv",
                    MimeType = "text/csv",
                    Buffer = (encoding ?? Encoding.UTF8).GetBytes(csv),
                }
            );
        await screen.Button("Check the file").ClickAsync();
    }
}
