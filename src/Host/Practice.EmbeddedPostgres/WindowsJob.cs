using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Practice.EmbeddedPostgres;

/// <summary>
/// A job object that ends the server when its handle closes. Windows closes the handle when the host dies. Only the
/// postmaster is in the job: the server's other processes exit when the postmaster is gone.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed partial class WindowsJob : IDisposable
{
    private const int ExtendedLimitInformation = 9;
    private const uint KillOnJobClose = 0x2000;

    private readonly SafeFileHandle _handle;

    private WindowsJob(SafeFileHandle handle) => _handle = handle;

    public static WindowsJob Create(int pid)
    {
        var handle = CreateJobObjectW(0, 0);
        var limits = new Limits { LimitFlags = KillOnJobClose };
        using var process = Process.GetProcessById(pid);
        if (
            !SetInformationJobObject(handle, ExtendedLimitInformation, ref limits, Marshal.SizeOf<Limits>())
            || !AssignProcessToJobObject(handle, process.SafeHandle)
        )
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        return new(handle);
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>JOBOBJECT_EXTENDED_LIMIT_INFORMATION, of which only the flags are used.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public long PerProcessUserTimeLimit,
            PerJobUserTimeLimit;
        public uint LimitFlags;
        public nuint MinimumWorkingSetSize,
            MaximumWorkingSetSize;
        public uint ActiveProcessLimit;
        public nuint Affinity;
        public uint PriorityClass,
            SchedulingClass;
        public ulong ReadOperations,
            WriteOperations,
            OtherOperations,
            ReadBytes,
            WriteBytes,
            OtherBytes;
        public nuint ProcessMemoryLimit,
            JobMemoryLimit,
            PeakProcessMemoryUsed,
            PeakJobMemoryUsed;
    }

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial SafeFileHandle CreateJobObjectW(nint attributes, nint name);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetInformationJobObject(SafeFileHandle job, int kind, ref Limits limits, int size);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool AssignProcessToJobObject(SafeFileHandle job, SafeProcessHandle process);
}
