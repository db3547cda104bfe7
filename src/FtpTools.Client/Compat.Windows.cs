using System;
using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;
using FtpTools.Protocol;

namespace FtpTools;

/// <summary>Access lists of Windows, which .NET 8 tells of by types that netstandard2.0 lacks.</summary>
internal static partial class Compat
{
    /// <summary>Whether others than the file's owner, this account and those who may do everything may write to it.</summary>
    /// <exception cref="IOException">It cannot be told.</exception>
    private static bool ListsOtherWriters(string path)
    {
        const int Owner = 1, List = 4;
        GetFileSecurity(path, Owner | List, null, 0, out var size);
        var descriptor = new byte[size];
        if (size == 0 || !GetFileSecurity(path, Owner | List, descriptor, size, out _))
            throw Failure(path);
        return SecurityDescriptor.OtherWriters(descriptor, Account(path)).Count > 0;
    }

    private static string Account(string path)
    {
        const int Query = 8, User = 1;
        if (!OpenProcessToken(GetCurrentProcess(), Query, out var token))
            throw Failure(path);
        try
        {
            GetTokenInformation(token, User, IntPtr.Zero, 0, out var size);
            var user = Marshal.AllocHGlobal(size);
            try
            {
                if (!GetTokenInformation(token, User, user, size, out _))
                    throw Failure(path);
                var bytes = new byte[size];
                Marshal.Copy(user, bytes, 0, size);
                // It begins with the address of the identifier, which follows in the same block.
                return SecurityDescriptor.Sid(bytes, (int)(Marshal.ReadIntPtr(user).ToInt64() - user.ToInt64()));
            }
            finally
            {
                Marshal.FreeHGlobal(user);
            }
        }
        finally
        {
            CloseHandle(token);
        }
    }

    private static IOException Failure(string path)
    {
        var cause = new Win32Exception(Marshal.GetLastWin32Error());
        return new IOException($"Who can write to '{path}' can't be determined. {cause.Message}", cause);
    }

    [DllImport("advapi32", EntryPoint = "GetFileSecurityW", CharSet = CharSet.Unicode, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetFileSecurity(string path, int what, byte[]? descriptor, int size, out int needed);

    [DllImport("advapi32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool OpenProcessToken(IntPtr process, int access, out IntPtr token);

    [DllImport("advapi32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetTokenInformation(IntPtr token, int what, IntPtr information, int size, out int needed);

    [DllImport("kernel32")]
    private static extern IntPtr GetCurrentProcess();

    [DllImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool CloseHandle(IntPtr handle);
}
