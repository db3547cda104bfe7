# How each client mirrors. Each gets the situation, the server, the local and the remote directory, and gives back what it said of
# its failures: nothing where it said nothing.

$bound = 60

function Invoke-Bounded([string] $File, [string[]] $Argument) {
    $out = & timeout $bound $File @Argument 2>&1 | ForEach-Object { "$_" }
    [pscustomobject]@{ Code = $LASTEXITCODE; Text = $out }
}

$clients = [ordered]@{
    lftp      = {
        param($Case, $Ftp, $Here, $At)
        $tls = if ($Ftp.Thumbprint) { 'set ftp:ssl-force yes; set ssl:verify-certificate no;' } else { 'set ftp:ssl-allow no;' }
        $more = if ($Case.Exclude) { "-X '$($Case.Exclude)'" }
        $login = $Ftp.Credential.GetNetworkCredential()
        $way = if ($Case.Down) { "mirror --delete $more '$At' '$Here'" } else { "mirror -R --delete $more '$Here' '$At'" }
        $said = Invoke-Bounded lftp @('--norc', '-c', "$tls set net:timeout 5; set net:max-retries 3; set net:reconnect-interval-base 1; set cmd:fail-exit yes; open -u $($login.UserName),$($login.Password) -p $($Ftp.Port) $($Ftp.Host); $way")
        if ($said.Code) { "exit $($said.Code)" }
    }
    rclone    = {
        param($Case, $Ftp, $Here, $At)
        $login = $Ftp.Credential.GetNetworkCredential()
        $env:RCLONE_CONFIG = '/dev/null'
        $env:RCLONE_CONFIG_PEER_TYPE = 'ftp'
        $env:RCLONE_CONFIG_PEER_HOST = $Ftp.Host
        $env:RCLONE_CONFIG_PEER_PORT = $Ftp.Port
        $env:RCLONE_CONFIG_PEER_USER = $login.UserName
        $env:RCLONE_CONFIG_PEER_PASS = & rclone obscure $login.Password
        $env:RCLONE_CONFIG_PEER_EXPLICIT_TLS = "$([bool]$Ftp.Thumbprint)".ToLowerInvariant()
        $env:RCLONE_CONFIG_PEER_NO_CHECK_CERTIFICATE = 'true'
        [string[]] $more = if ($Case.Exclude) { '--exclude', $Case.Exclude }
        $ends = if ($Case.Down) { "peer:$At", $Here } else { $Here, "peer:$At" }
        $said = Invoke-Bounded rclone (@('sync', '--create-empty-src-dirs', '--low-level-retries', '3') + $more + $ends)
        if ($said.Code) { "exit $($said.Code)" }
    }
    FtpTools  = {
        param($Case, $Ftp, $Here, $At)
        $with = @{ WarningAction = 'Ignore' }
        if ($Ftp.Thumbprint) { $with += @{ Tls = 'Explicit'; CertificateThumbprint = $Ftp.Thumbprint } }
        if ($Case.Connect) { $with += $Case.Connect }
        $failures = @()
        $session = Connect-TestServer $Ftp $with
        try {
            $more = @{}
            if ($Case.Exclude) { $more.Exclude = $Case.Exclude }
            if ($Case.Down) { $more.Direction = 'Download' }
            if ($Case.With) { $more += $Case.With }
            try { $null = Sync-FtpDirectory $Here $At -Mirror @more -Session $session -ErrorAction SilentlyContinue -ErrorVariable failures -WarningAction Ignore -ProgressAction Ignore }
            catch { $failures = @($failures) + $_ }
        }
        finally { $session | Disconnect-Ftp }
        @($failures | Where-Object { $_ -is [Management.Automation.ErrorRecord] } | ForEach-Object { $_.FullyQualifiedErrorId -replace ',.*' } | Select-Object -Unique)
    }
}
