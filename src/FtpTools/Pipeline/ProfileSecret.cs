using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>
/// Has the secrets of a profile, each in the one way that it names. What runs for it runs in a runspace of its own, which has nobody to
/// ask: a vault or a script that would prompt fails instead, also at a prompt, for the same profile is to do in a job what it
/// did there.
/// </summary>
internal static class ProfileSecret
{
    private const string Vaults = "Microsoft.PowerShell.SecretManagement";

    private const string FromVault = """
        param($module, $name, $vault)
        Import-Module $module -ErrorAction Stop
        $which = @{ Name = $name }
        if ($vault) { $which.Vault = $vault }
        Microsoft.PowerShell.SecretManagement\Get-Secret @which -ErrorAction Stop
        """;

    private const string FromFile = "param($path) Import-Clixml -LiteralPath $path -ErrorAction Stop";

    /// <summary>The account and its password; null where the profile names none, and the login is anonymous or by the address.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="cmdlet">The cmdlet that connects; asked on the pipeline thread.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LoginFailed"/>: it cannot be had, with the way that was tried.</exception>
    public static async Task<PSCredential?> GetCredentialAsync(FtpProfile profile, PSCmdlet cmdlet, TimeSpan timeout, CancellationToken cancellationToken) =>
        await SeekAsync(profile, SecretWays.Login, cmdlet, timeout, cancellationToken) is { Way: { } way, Secret: var secret }
            ? way.Credential(secret, profile.UserName, "the profile has no UserName")
            : profile.UserName is { } user ? new PSCredential(user, new SecureString()) : null;

    /// <summary>The credential for the proxy; null where the profile names no way to one.</summary>
    /// <inheritdoc cref="GetCredentialAsync"/>
    public static async Task<PSCredential?> GetProxyCredentialAsync(FtpProfile profile, FtpProxy proxy, PSCmdlet cmdlet, TimeSpan timeout, CancellationToken cancellationToken) =>
        await SeekAsync(profile, SecretWays.Proxy, cmdlet, timeout, cancellationToken) is { Way: { } way, Secret: var secret }
            ? way.Credential(secret, proxy.UserName is { Length: > 0 } user ? user : null, "the address of the proxy has no user name")
            : null;

    /// <summary>The account beside user and password (ACCT); null where the profile names no way to one.</summary>
    /// <inheritdoc cref="GetCredentialAsync"/>
    public static async Task<string?> GetAccountAsync(FtpProfile profile, PSCmdlet cmdlet, TimeSpan timeout, CancellationToken cancellationToken) =>
        // Of a credential it is the password: Get-Credential is the usual way to have a secret that Export-Clixml encrypts.
        await SeekAsync(profile, SecretWays.Account, cmdlet, timeout, cancellationToken) is { Way: { } way, Secret: var secret }
            ? way.Credential(secret, "account", "").GetNetworkCredential().Password
            : null;

    private static async Task<(Way Way, object? Secret)?> SeekAsync(FtpProfile profile, SecretWays ways, PSCmdlet cmdlet, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (profile.Text(ways.SecretName) is { } secret)
        {
            var vault = profile.VaultName;
            var way = new Way(profile, ways, $"the secret '{secret}' of {(vault is null ? "SecretManagement's vaults" : $"the vault '{vault}'")}");
            return (way, await way.RunAsync(FromVault, [VaultModule(cmdlet), secret, vault], timeout, cancellationToken));
        }
        if (profile.Text(ways.Path) is { } path)
        {
            var way = new Way(profile, ways, $"the credential file '{path}'");
            return (way, await way.RunAsync(FromFile, [LocalPaths.Resolve(cmdlet, path)], timeout, cancellationToken));
        }
        if (profile.Text(ways.Variable) is { } variable)
        {
            var way = new Way(profile, ways, $"the environment variable {variable}");
            return Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? (way, text) : throw way.Failure("It isn't set, or it's empty.");
        }
        if (profile.Text(ways.Script) is { } script)
        {
            var way = new Way(profile, ways, "its script");
            // A profile may have come of a file or of another computer, and only what is in the file of profiles here is run.
            if (FtpProfileStore.At(profile.ProfilePath).Find(profile.Name).Text(ways.Script) != script)
                throw way.Failure("The script differs from the one in the file. Run Get-FtpProfile again.");
            ThrowIfOthersWrite(profile.ProfilePath, way);
            return (way, await way.RunAsync(script, [], timeout, cancellationToken));
        }
        return null;
    }

    // Whoever can write to the file could have anything run here.
    private static void ThrowIfOthersWrite(string path, Way way)
    {
        try
        {
            if (!FtpPrivateFile.IsWritableByOthers(path))
                return;
        }
        catch (IOException e)
        {
            throw way.Failure($"Its scripts aren't run. {e.Message}", e);
        }
        var remedy = Path.DirectorySeparatorChar == '\\' ? $"icacls \"{path}\" /inheritance:r /grant:r \"${{env:USERNAME}}:F\"" : "chmod go-w";
        throw way.Failure($"Its scripts aren't run, because users other than the owner can write to the file. Remove the write permission of other users ({remedy}).");
    }

    /// <summary>The client certificate of a profile, from the user's store or the computer's; null where it names none.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.TlsFailed"/>: it is in neither.</exception>
    public static X509Certificate2? FindCertificate(FtpProfile profile) =>
        profile.ClientCertificateThumbprint is not { } thumbprint ? null : FindCertificate(thumbprint) ?? throw profile.Failure(
            FtpErrorKind.TlsFailed, $"specifies the client certificate {thumbprint}, which isn't in the certificate store My of this account or of the computer.");

    /// <summary>A certificate by its thumbprint; null where neither store has it.</summary>
    public static X509Certificate2? FindCertificate(string thumbprint)
    {
        foreach (var location in new[] { StoreLocation.CurrentUser, StoreLocation.LocalMachine })
        {
            using var store = new X509Store(StoreName.My, location);
            try
            {
                store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            }
            catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or PlatformNotSupportedException)
            {
                continue; // there is no such store
            }
            if (store.Certificates.Find(X509FindType.FindByThumbprint, thumbprint, validOnly: false).OfType<X509Certificate2>().FirstOrDefault() is { } found)
                return found;
        }
        return null;
    }

    // One that was imported from elsewhere serves as well.
    private static string VaultModule(PSCmdlet cmdlet) =>
        cmdlet.InvokeCommand.InvokeScript(false, ScriptBlock.Create($"Get-Module {Vaults}"), null).Select(module => (module.BaseObject as PSModuleInfo)?.Path).FirstOrDefault() ?? Vaults;

    /// <summary>A way to a secret, which each of its errors names.</summary>
    private sealed class Way(FtpProfile profile, SecretWays ways, string name)
    {
        public FtpException Failure(string why, Exception? cause = null) =>
            profile.Failure(FtpErrorKind.LoginFailed, $"gets {ways.What} from {name}, which didn't provide one. {why}", cause);

        public PSCredential Credential(object? secret, string? user, string noUser) => secret switch
        {
            PSCredential credential => user is not null ? new PSCredential(user, credential.Password) : credential,
            SecureString { Length: > 0 } or string { Length: > 0 } when user is null => throw Failure($"It returned only a password, and {noUser}."),
            SecureString { Length: > 0 } password => new PSCredential(user, password),
            string { Length: > 0 } text => new PSCredential(user, Secured(text)),
            null => throw Failure("It returned nothing."),
            string or SecureString => throw Failure("It returned an empty string."),
            _ => throw Failure($"It returned a {secret.GetType()}, which is neither a credential nor a password."),
        };

        public async Task<object?> RunAsync(string script, object?[] arguments, TimeSpan timeout, CancellationToken cancellationToken)
        {
            var shell = PowerShell.Create();
            var work = Task.Run(() => Run(shell, script, arguments), CancellationToken.None);
            // Whatever becomes of it, nobody else is left to close it.
            _ = work.ContinueWith(
                static (done, state) =>
                {
                    _ = done.Exception;
                    ((PowerShell)state!).Dispose();
                },
                shell, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            if (await Task.WhenAny(work, Task.Delay(timeout, cancellationToken)) == work)
                return await work;
            shell.BeginStop(null, null);
            cancellationToken.ThrowIfCancellationRequested();
            throw Failure($"It took longer than {timeout.TotalSeconds:0} seconds (-TimeoutSec).");
        }

        private object? Run(PowerShell shell, string script, object?[] arguments)
        {
            try
            {
                using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault());
                runspace.Open();
                runspace.SessionStateProxy.SetVariable("ErrorActionPreference", ActionPreference.Stop);
                runspace.SessionStateProxy.SetVariable("ProgressPreference", ActionPreference.SilentlyContinue);
                shell.Runspace = runspace;
                shell.AddScript(script);
                foreach (var argument in arguments)
                    shell.AddArgument(argument);
                var given = shell.Invoke().Where(one => one is not null).ToList();
                return given.Count <= 1 ? given.FirstOrDefault()?.BaseObject : throw Failure($"It returned {given.Count} objects. It must return one.");
            }
            catch (RuntimeException e)
            {
                throw Failure(Reason(e), e);
            }
        }

        private static SecureString Secured(string text)
        {
            var secured = new SecureString();
            foreach (var c in text)
                secured.AppendChar(c);
            secured.MakeReadOnly();
            return secured;
        }

        private string Reason(RuntimeException e)
        {
            var id = e.ErrorRecord?.FullyQualifiedErrorId ?? "";
            var isPrompt = e.InnerException is PSInvalidOperationException or System.Management.Automation.Host.HostException || e is System.Management.Automation.Host.HostException || id.StartsWith("ReadHost", StringComparison.Ordinal);
            if (id.StartsWith("Modules_ModuleNotFound", StringComparison.Ordinal) && e.Message.Contains(Vaults))
                return $"The module {Vaults} isn't installed for this account. Run Install-PSResource {Vaults}, or register the profile with a different source of {ways.What}.";
            return isPrompt ? $"It requires input, but it runs without a prompt. {e.Message}" : e.Message;
        }
    }
}
