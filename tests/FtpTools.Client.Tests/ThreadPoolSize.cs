using System.Runtime.CompilerServices;
using System.Threading;

namespace FtpTools.Tests;

/// <summary>
/// Threads for the servers of the tests, which live in this process and answer within the two seconds that most sessions
/// here wait. The pool begins with one a processor and adds one or two a second: a few tests that wait for a child process
/// on its threads could hold up another one's handshake for longer than that.
/// </summary>
internal static class ThreadPoolSize
{
    private const int Least = 32;

#pragma warning disable CA2255 // A test assembly has no other beginning.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Raise() => ThreadPool.SetMinThreads(Least, Least);
}
