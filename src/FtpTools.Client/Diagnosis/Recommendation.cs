using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace FtpTools.Diagnosis;

/// <summary>Draws the sum of a test: the mode to use, and the line to type for it.</summary>
internal static class Recommendation
{
    /// <summary>The recommendation.</summary>
    /// <param name="options">What was tested.</param>
    /// <param name="isOfSession">True when there is a session already, whose mode can be set.</param>
    /// <param name="security">The TLS that was agreed on; null for none.</param>
    /// <param name="tests">What came of the steps.</param>
    public static FtpConnectionTest Of(FtpClientOptions options, bool isOfSession, FtpSecurity? security, IReadOnlyList<FtpConnectionTest> tests)
    {
        var tried = tests.Where(test => test.Mode is not null && test.Succeeded is not null).ToLookup(test => test.Mode!.Value);
        bool Works(FtpMode mode) => tried[mode].Any() && tried[mode].All(test => test.Succeeded == true || IsOfTheTask(test) || IsWithoutEnd(test));
        var (mode, words) = Choose(Works, tried);
        if (mode is not null && tests.FirstOrDefault(IsOfTheTask) is { } refused)
            words += $" The server refused the {refused.Step.ToString().ToLowerInvariant()} itself, regardless of the mode.";
        if (mode is not null && tests.Any(IsWithoutEnd))
            words += " The server doesn't send the TLS closing message (close_notify) at the end of listings. To accept that, use -SkipTlsEndCheck.";
        return new FtpConnectionTest
        {
            ComputerName = options.ComputerName,
            Port = options.Port,
            Step = FtpTestStep.Recommendation,
            Mode = mode,
            Succeeded = mode is not null,
            Command = mode is { } chosen ? (isOfSession ? $"Set-FtpMode {chosen}" : Line(options, chosen, security)) : null,
            Diagnosis = words,
        };
    }

    private static (FtpMode? Mode, string Words) Choose(Func<FtpMode, bool> works, ILookup<FtpMode, FtpConnectionTest> tried)
    {
        var (epsv, pasv, port, eprt) = (works(FtpMode.Epsv), works(FtpMode.Pasv), works(FtpMode.Port), works(FtpMode.Eprt));
        if (epsv)
            return (FtpMode.Auto, port || eprt ? "Passive and active mode both work. Auto uses passive mode." : "Passive mode works, and Auto uses it.");
        if (pasv)
        {
            if (!tried[FtpMode.Epsv].Any())
                return (FtpMode.Pasv, "PASV works. The other commands weren't tried.");
            if (tried[FtpMode.Epsv].Any(IsCut))
                return (FtpMode.Pasv, "Of the passive commands, only PASV works. With EPSV, the connection is lost. This would also happen with Auto.");
            return tried[FtpMode.Epsv].Any(test => test.Stage > FtpDataStage.Announce)
                ? (FtpMode.Pasv, "Of the passive commands, only PASV works. Auto would find that out after trying EPSV once in each session. The mode Pasv avoids this.")
                : (FtpMode.Auto, "Passive mode works with PASV, which Auto uses without delay.");
        }

        if (port && !tried[FtpMode.Epsv].Any())
            return (FtpMode.Active, "Active mode works. Passive mode wasn't tried.");
        if (port && (tried[FtpMode.Epsv].Any(IsCut) || tried[FtpMode.Pasv].Any(IsCut)))
            return (FtpMode.Active, "Only active mode works. With passive mode, the connection is lost. This would also happen with Auto.");
        if (port)
            return (FtpMode.Active, "Only active mode works. Auto would find that out after trying passive mode once in each session. The mode Active avoids this.");
        if (eprt)
            return (FtpMode.Eprt, "Only EPRT works.");
        if (!tried.Any())
            return (null, "None of the specified modes can be tried here.");
        // The likeliest to be mended comes first: what a user can do without another's help is tried by Auto already. What
        // failed too is no way out.
        var failed = tried.SelectMany(group => group).Where(test => test.Succeeded == false).ToArray();
        var passive = failed.Where(IsPassive).ToArray();
        var isBoth = passive.Length > 0 && passive.Length < failed.Length;
        // Of two commands the one that came farther: the other is what its diagnosis may name as the way out.
        var best = (passive.Length > 0 ? passive : failed).OrderByDescending(test => test.Stage).First();
        return (null, "No data connection works in any mode that was tried, so neither listings nor transfers work. "
            + (isBoth ? "You need to fix only one of them. Passive mode is usually the easiest: " : "")
            + (isBoth && best.Stage == FtpDataStage.Open ? DataDiagnosis.OpenPassivePorts + "." : best.Diagnosis));
    }

    private static bool IsPassive(FtpConnectionTest test) => test.Mode is FtpMode.Epsv or FtpMode.Pasv;

    private static bool IsCut(FtpConnectionTest test) => test is { Stage: FtpDataStage.Announce, Failure: FtpConnectionException };

    private static bool IsOfTheTask(FtpConnectionTest test) => DataFacts.IsOfTheTask(test.Stage, test.Failure);

    private static bool IsWithoutEnd(FtpConnectionTest test) => test is { Step: FtpTestStep.Listing, Failure: { Kind: FtpErrorKind.TransferIncomplete } and not FtpCommandException };

    private static string Line(FtpClientOptions options, FtpMode mode, FtpSecurity? security)
    {
        var line = new StringBuilder("Connect-Ftp ").Append(Quoted(options.ComputerName));
        var usualPort = security?.Mode == FtpTlsMode.Implicit ? FtpClientOptions.ImplicitTlsPort : 21;
        if (options.Port != usualPort)
            line.Append(" -Port ").Append(options.Port);
        if (!options.IsAnonymous)
            line.Append(" -Credential ").Append(Quoted(options.UserName));
        line.Append(" -Tls ").Append(security?.Mode ?? FtpTlsMode.None);
        if (security is not null)
        {
            if (options.TlsVersion != FtpTlsVersion.Any)
                line.Append(" -TlsVersion ").Append(options.TlsVersion);
            // What was accepted unseen can be nailed down now.
            if (options.CertificateThumbprint is not null || options.SkipCertificateCheck)
                line.Append(" -CertificateThumbprint ").Append(security.Thumbprint);
            if (options.SkipTlsEndCheck)
                line.Append(" -SkipTlsEndCheck");
            if (options.ClientCertificate is not null)
                line.Append(" -ClientCertificate $certificate");
            if (options.DataProtection != FtpDataProtection.Private)
                line.Append(" -DataProtection ").Append(options.DataProtection);
            if (options.ClearCommandChannel)
                line.Append(" -ClearCommandChannel");
        }

        if (mode != FtpMode.Auto)
            line.Append(" -Mode ").Append(mode);
        if (mode is FtpMode.Active or FtpMode.Port or FtpMode.Eprt)
        {
            if (options.ActiveAddress is not null)
                line.Append(" -ActiveAddress ").Append(options.ActiveAddress);
            if (options.ActivePortRange is not null)
                line.Append(" -ActivePortRange ").Append(options.ActivePortRange);
        }
        else if (options.TrustPassiveAddress)
        {
            line.Append(" -TrustPassiveAddress");
        }

        if (options.Proxy is not null)
            line.Append(" -Proxy ").Append(Quoted($"{options.Proxy}")).Append(options.Proxy.UserName is { } user ? " -ProxyCredential " + Quoted(user) : "");
        return line.ToString();
    }

    private static string Quoted(string text) =>
        text.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '/') ? text : "'" + text.Replace("'", "''") + "'";
}
