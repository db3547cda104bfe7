using System;
using System.IO;
using System.Management.Automation;
using System.Reflection;
using System.Threading;
#if NET
using System.Runtime.Loader;
#endif

namespace FtpTools;

/// <summary>
/// Lets the runtime find FtpTools.Logging and the Microsoft.Extensions assemblies behind it in the <c>lib</c> folder,
/// apart from any other version of them that another module has loaded or will load.
/// </summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private const string Bridge = "FtpTools.Logging";

    private static readonly string _lib = FindLib(Path.GetDirectoryName(typeof(ModuleInitializer).Assembly.Location)!);

    /// <summary>How many runspaces have the module; the load hook is one for the process.</summary>
    private static int _imports;

    /// <summary>Runs when a runspace imports the module.</summary>
    public void OnImport()
    {
        if (Interlocked.Increment(ref _imports) == 1)
            Hook();
        // PowerShell finds a type by name in loaded assemblies alone, and the engine's would not be before the first
        // cmdlet runs: [FtpTools.FtpMode]::Active is to work from the start.
        GC.KeepAlive(typeof(FtpMode));
    }

    /// <summary>Runs when a runspace removes the module.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        // Nothing is left to close them with.
        SessionRegistry.CloseHere();
        if (Interlocked.Decrement(ref _imports) == 0)
            Unhook();
    }

    // What is compiled ahead, in bin/net10.0/<system>, uses the lib of net8.0, of which it is made.
    private static string FindLib(string folder)
    {
        var own = Path.Combine(folder, "lib");
        return Directory.Exists(own) ? own : Path.GetFullPath(Path.Combine(folder, "..", "..", "net8.0", "lib"));
    }

#if NET
    // One for the life of the process: a second one would load a second copy of everything after Import-Module -Force.
    private static readonly Lazy<LibContext> _context = new(() => new LibContext());

    private static void Hook() => AssemblyLoadContext.Default.Resolving += Resolve;

    private static void Unhook() => AssemblyLoadContext.Default.Resolving -= Resolve;

    private static Assembly? Resolve(AssemblyLoadContext asking, AssemblyName name) =>
        name.Name == Bridge ? _context.Value.LoadFromAssemblyName(name) : null;

    private sealed class LibContext() : AssemblyLoadContext(Bridge)
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var path = Path.Combine(_lib, assemblyName.Name + ".dll");
            return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
#else
    private static void Hook() => AppDomain.CurrentDomain.AssemblyResolve += Resolve;

    private static void Unhook() => AppDomain.CurrentDomain.AssemblyResolve -= Resolve;

    private static Assembly? Resolve(object sender, ResolveEventArgs args)
    {
        // The event is raised for all of the process; only our own assemblies may get what is in our folder.
        var asking = args.RequestingAssembly;
        var name = new AssemblyName(args.Name).Name;
        var ours = name == Bridge
            || (asking is { IsDynamic: false } && Path.GetDirectoryName(asking.Location) == _lib);
        var path = Path.Combine(_lib, name + ".dll");
        // LoadFile, and not LoadFrom: the latter gives back an assembly of the same identity that is already loaded.
        return ours && File.Exists(path) ? Assembly.LoadFile(path) : null;
    }
#endif
}
