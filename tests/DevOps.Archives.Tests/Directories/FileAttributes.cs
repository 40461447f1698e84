using System.Runtime.InteropServices;

namespace DevOps.Archives.Directories.Tests;

/// <summary>Sets and gets extended attributes, without the tools that a machine may not have.</summary>
internal static class FileAttributes
{
    /// <summary>Sets an attribute, or skips the test where that cannot be done.</summary>
    internal static void Set(string path, string name, params ReadOnlySpan<byte> value)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Extended attributes are read on Linux.");
        if (SetAttribute(path, name, value.ToArray(), (nuint)value.Length, 0) != 0)
        {
            Assert.Skip($"'{name}' cannot be set here: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        }
    }

    internal static byte[]? Get(string path, string name)
    {
        byte[] buffer = new byte[1 << 16];
        nint length = GetAttribute(path, name, buffer, (nuint)buffer.Length);
        return length < 0 ? null : buffer[..(int)length];
    }

    [DllImport("libc", EntryPoint = "lsetxattr", SetLastError = true)]
    private static extern int SetAttribute([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, byte[] value, nuint size, int flags);

    [DllImport("libc", EntryPoint = "lgetxattr", SetLastError = true)]
    private static extern nint GetAttribute([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, byte[] value, nuint size);
}
