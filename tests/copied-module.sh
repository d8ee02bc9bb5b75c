#!/usr/bin/env bash
# A copy of a module under a new name is held to every rule at once. In a copy of the checkout, Locations becomes a
# fifth module, Sites, with one mistake for each rule. The architecture tests must name every one. Takes some minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

copy=$(mktemp -d "${TMPDIR:-/tmp}/practice-copied-module-XXXXXX")
chmod 755 "$copy"
trap 'rm -rf "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard \
    | tar --null --files-from=- --ignore-failed-read -cf - 2>/dev/null | tar -xf - -C "$copy"
cd "$copy"

# The copy. Names of the shared projects stay.
cp -r src/Modules/Locations src/Modules/Sites
renamed='s/Locations/Sites/g; s/Location/Site/g; s/locations/sites/g; s/location/site/g'
renamed="$renamed; s/ManageSites/ManageLocations/g; s/NarrowBySite/NarrowByLocation/g"
renamed="$renamed; s/AssignedSites/AssignedLocations/g"
find src/Modules/Sites -depth -name '*ocation*' | while read -r old; do
    mv "$old" "$(dirname "$old")/$(basename "$old" | sed "$renamed")"
done
find src/Modules/Sites -type f -exec sed -i "$renamed" {} +
sites=src/Modules/Sites/Practice.Sites

sed -i '/Practice.Locations.csproj/{p; s/Locations/Sites/g}' src/Host/Practice.Host/Practice.Host.csproj

# The mistakes.
groups='<ItemGroup><ProjectReference Include="../../Groups/Practice.Groups/Practice.Groups.csproj" /></ItemGroup>'
sed -i "s|</Project>|$groups</Project>|" $sites/Practice.Sites.csproj
sed -i '/ProtectByGroup/d' $sites/Data/Migrations/*_Initial.cs
# Without any requirement the host would not even start.
find $sites/Features -name ReadSite.cs -exec sed -i 's/\.RequireMember()/.AllowAnyone()/' {} +
cat >> src/Modules/Sites/Practice.Contracts.Sites/Sites.cs <<'CS'

public sealed class SiteList { public List<string> Names { get; set; } = []; }
CS
cat > $sites/Features/Mistakes.cs <<'CS'
using Microsoft.EntityFrameworkCore;
using Practice.Sites.Data;

namespace Practice.Sites.Features;

public sealed class PublicMistake
{
    internal Func<Task<string>> Lambda { get; } = async () =>
    {
        await Task.Yield();
        return typeof(Practice.Groups.Data.GroupsDbContext).Name;
    };

    internal Task<List<Guid>> Statement(SitesDbContext db) =>
        db.Database.SqlQuery<Guid>($"select user_id as \"Value\" from groups.memberships").ToListAsync();

    internal Type? Reflection() => Type.GetType("Practice.Users.Data.UsersDbContext, Practice.Users");

    internal string Sibling() => typeof(ArchiveSiteHandler).Name;
}
CS

dotnet build tests/Practice.Architecture.Tests --nologo -v quiet \
    -p:TreatWarningsAsErrors=false -p:EnforceCodeStyleInBuild=false -consoleLoggerParameters:ErrorsOnly
if dotnet test tests/Practice.Architecture.Tests --no-build --nologo >"$copy/tests.log" 2>&1; then
    echo "The tests passed over every mistake."
    exit 1
fi

missed=0
while read -r sentence; do
    if grep -qF "$sentence" "$copy/tests.log"; then
        echo "caught: $sentence"
    else
        echo "MISSED: $sentence"
        missed=1
    fi
done <<'SENTENCES'
Practice.Sites.csproj references Practice.Groups
Practice.Sites.dll references Practice.Groups
Practice.Sites is restored with Practice.Groups
Practice.Sites refers to Practice.Groups.Data.GroupsDbContext
Practice.Sites.Features.PublicMistake looks for code by reflection
Practice.Sites.Features.PublicMistake: Practice.Users.Data.UsersDbContext, Practice.Users
SiteList is no sealed record
SiteList.Names can be changed
PublicMistake is public
GET /api/groups/{groupId:guid}/sites/{siteId:guid} has no requirement
Practice.Sites has SQL on groups
Practice.Sites runs: select user_id as "Value" from groups.memberships
"sites.sites"
PublicMistake uses ArchiveSiteHandler of Features/
Practice.Sites is not in the solution
SENTENCES
exit $missed
