using System.Text.Json;
using Practice.Authorization;
using Practice.Groups.Domain;

namespace Practice.Domain.Tests;

public sealed class OwnAccessLevelTests
{
    [Theory]
    [InlineData(Access.None, Access.None, Access.ExportData, Access.ExportData)] // agreed: follows
    [InlineData(Access.ExportData, Access.ExportData, Access.None, Access.None)]
    [InlineData(Access.ExportData, Access.None, Access.ManageUsers, Access.ExportData | Access.ManageUsers)] // extra
    [InlineData(Access.None, Access.ExportData, Access.ExportData | Access.ReadOnly, Access.ReadOnly)] // taken away
    [InlineData(Access.ExportData, Access.None, Access.ExportData, Access.ExportData)] // the level catches up
    [InlineData(Access.ReadOnly, Access.ManageUsers, Access.ManageUsers, Access.ReadOnly)] // the level is as it was
    public void A_setting_follows_the_level_unless_it_was_switched_against_it(
        Access held,
        Access before,
        Access after,
        Access follows
    ) => Assert.Equal(follows, OwnAccessLevel.Follow(held, before, after));

    [Theory]
    [InlineData(RoleType.Practitioner)]
    [InlineData(RoleType.Administrator)]
    public void Access_with_an_own_level_is_stored_whole_against_a_preset(RoleType roleType)
    {
        var level = Own(roleType, Access.OthersPatients | Access.ExportData);
        var choice = AccessChoice.Of(
            level,
            new Dictionary<string, bool> { ["exportData"] = false, ["readOnly"] = true }
        );

        Assert.Equal(Access.OthersPatients | Access.ReadOnly, choice.Effective(roleType));
        Assert.Equal(AccessLevels.BaseOf(roleType), choice.Level);
        Assert.Equal(level.Id, choice.IdFor(roleType));
        Assert.Equal(
            [("exportData", false), ("readOnly", true)],
            choice
                .Switches(level)
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => (pair.Key, pair.Value))
        );
    }

    [Fact]
    public void A_preset_that_an_earlier_release_set_since_is_the_level()
    {
        var own = Guid.CreateVersion7();
        Assert.Equal(AccessLevel.Billing, AccessLevelId.Of(RoleType.Administrator, AccessLevel.Billing, own));
        Assert.Equal(own, AccessLevelId.Of(RoleType.Administrator, AccessLevel.Reception, own).Own);
    }

    [Fact]
    public void Owners_have_no_own_level()
    {
        var (owner, member) = (AccessTests.Owner(), AccessTests.Member(AccessLevel.Reception));
        var everything = Own(RoleType.Administrator, AccessLevels.Everything);
        Assert.Equal(
            "groups.owner_has_full_access",
            owner.ChooseAccess(member, everything, null, owner: true).FirstError.Code
        );
        Assert.Equal(
            "groups.owner_has_full_access",
            owner.ChooseAccess(AccessTests.Owner(), everything, null, null).FirstError.Code
        );
        Assert.False(owner.ChooseAccess(member, everything, null, null).IsError);
    }

    [Fact]
    public void Nobody_defines_a_level_beyond_their_own_access()
    {
        var manager = AccessTests.Member(AccessLevel.Manager);
        Assert.True(manager.MayDefine(Access.OthersPatients | Access.ReadOnly));
        Assert.False(manager.MayDefine(Access.OthersClinicalRecords));
        Assert.False(AccessTests.Member(AccessLevel.Manager, Access.HidePatientNames).MayDefine(Access.None));
        Assert.False(AccessTests.Member(AccessLevel.Billing).MayDefine(Access.None));
    }

    [Fact]
    public void A_level_is_found_by_its_id_for_its_role_type_and_archived_only_by_who_has_it()
    {
        var level = OwnAccessLevel.Create(
            Guid.CreateVersion7(),
            Guid.CreateVersion7(),
            " Front desk ",
            RoleType.Administrator,
            Access.OthersPatients,
            DateTimeOffset.UnixEpoch
        );
        var (levels, id) = (new KnownLevels([level]), level.ToLevel().Id);
        Assert.Equal("Front desk", level.Name);
        Assert.Equal(Access.OthersPatients, levels.Find(id, RoleType.Administrator).Value.Settings);
        Assert.Equal("groups.level_not_for_role_type", levels.Find(id, RoleType.Practitioner).FirstError.Code);
        Assert.Equal("groups.unknown_access_level", KnownLevels.None.Find(id, RoleType.Administrator).FirstError.Code);

        level.Archive(DateTimeOffset.UnixEpoch);
        Assert.Equal("groups.access_level_archived", levels.Find(id, RoleType.Administrator).FirstError.Code);
        Assert.False(levels.Find(id, RoleType.Administrator, held: id).IsError);
    }

    [Theory]
    [InlineData("\"reception\"")]
    [InlineData("\"0199c2a4-7f4e-7c1a-9f5e-6d1f6c1d2a3b\"")]
    public void A_level_is_written_as_it_is_read(string json) =>
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<AccessLevelId>(json)));

    [Theory]
    [InlineData("\"frontDesk\"")]
    [InlineData("3")]
    [InlineData("\"3\"")]
    [InlineData("\"\"")]
    public void What_is_neither_a_preset_nor_an_id_is_no_level(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<AccessLevelId>(json));

    private static Level Own(RoleType roleType, Access settings) =>
        new(AccessLevels.BaseOf(roleType), Guid.CreateVersion7(), roleType, settings);
}
