using Microsoft.AspNetCore.Components;

namespace Practice.Web.Pages.Staff.Members;

/// <summary>An import whose page is sent as the rows are done, to browsers with script.</summary>
[StreamRendering]
public sealed class ImportLive : ImportRun;
