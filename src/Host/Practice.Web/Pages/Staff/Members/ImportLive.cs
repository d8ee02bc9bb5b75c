using Microsoft.AspNetCore.Components;

namespace Practice.Web.Pages.Staff.Members;

/// <summary>An import with live progress, for browsers with JavaScript.</summary>
[StreamRendering]
public sealed class ImportLive : ImportRun;
