<#
The servers that the suite runs against. Each is started once for the process that runs the tests and ends with it;
each test file works in a folder of its own on it.
#>
$ErrorActionPreference = 'Stop'
$repository = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path
# The module that is tested: the build's, or the one in the folder that FTPTOOLS_MODULE names, as an installed package.
$manifest = Join-Path $(if ($env:FTPTOOLS_MODULE) { Resolve-Path -LiteralPath $env:FTPTOOLS_MODULE } else { Join-Path $repository 'out/FtpTools' }) 'FtpTools.psd1'
# A program of its own where there is no dotnet, as under Wine.
$embedded = if ($env:FTPTOOLS_TESTSERVER) { $env:FTPTOOLS_TESTSERVER } else { Join-Path $repository 'tests/FtpTools.TestServer/bin/Release/net10.0/FtpTools.TestServer.dll' }
$script = Join-Path $repository 'tests/Servers/ftp-server'

Import-Module "$PSScriptRoot/../PowerShell.psm1"

# Where nobody reads along, a server that is missing is a failure.
$strict = $env:CI -eq 'true'

# Another import of this file, by the next test file, finds the servers of the first.
if (-not (Test-Path Variable:global:FtpToolsTestServers)) { $global:FtpToolsTestServers = @{} }
$running = $global:FtpToolsTestServers

# A name with all that shells, patterns and encodings stumble over. Written so, for Windows PowerShell reads scripts as ANSI.
$oddName = "sp ace [x] $([char]0xF1) $([char]0x65E5)$([char]0x672C)"

function Get-State([string] $Name, [string] $OfProcess = $PID) {
    $memory = '/dev/shm'
    # Wine shows that folder too, where process ids are others.
    $folder = if ($env:OS -ne 'Windows_NT' -and (Test-Path $memory)) { $memory } else { [IO.Path]::GetTempPath() }
    Join-Path $folder "ftptools-module-$OfProcess-$Name"
}

<#
.SYNOPSIS
All servers, for -ForEach, with Skip set on those that cannot run here, and the Reason. In CI none is left out.
#>
function Get-TestServer {
    $built = Test-Path $embedded
    @{ Name = 'embedded'; Skip = -not ($built -or $strict); Reason = if (-not $built) { 'The embedded server is not built.' } }
    # It takes a while to find out, and each test file asks.
    if (-not $running.ContainsKey('Missing')) {
        $running.Missing = if (-not (Get-Command bash -ErrorAction Ignore)) { 'The real servers are missing, for there is no bash.' }
        else {
            $said = & bash $script prepare 2>&1
            if ($LASTEXITCODE) { "The real servers are missing: $said" }
        }
    }
    foreach ($name in 'vsftpd', 'proftpd', 'pureftpd', 'pyftpdlib') {
        @{ Name = $name; Skip = $running.Missing -and -not $strict; Reason = $running.Missing }
    }
}

<#
.SYNOPSIS
The real servers, each of another family, as Get-TestServer has some of them, with the Option to start them with: for the
one file that has the main job done on each.
#>
function Get-MainJobTestServer {
    Get-TestServer | Where-Object { $_.Name -ne 'embedded' } | ForEach-Object { $_ + @{ Option = @() } }
    # Some come from elsewhere.
    $missing = @{}
    foreach ($name in 'ftp-srv', 'busybox') {
        $missing.$name = $running.Missing
        if ($running.Missing) { continue }
        $said = & bash $script prepare $name 2>&1
        if ($LASTEXITCODE) { $missing.$name = "$name is missing: $said" }
    }
    $rows = @('pyftpdlib', @('--tls'), $running.Missing), @('inetutils', @(), $running.Missing),
        @('busybox', @(), $missing.busybox), @('ftp-srv', @(), $missing.'ftp-srv'), @('ftpd', @(), $missing.'ftp-srv')
    foreach ($row in $rows) { @{ Name = $row[0]; Option = $row[1]; Skip = $row[2] -and -not $strict; Reason = $row[2] } }
}

<#
.SYNOPSIS
Leaves out the test that asks, with a reason, where a condition holds.
#>
function Skip-Test([Parameter(Mandatory)] [bool] $If, [Parameter(Mandatory)] [string] $Because) {
    if ($If) { Set-ItResult -Skipped -Because $Because }
}

<#
.SYNOPSIS
Starts a server unless it runs, and loads the module. With options, as --tls, it is another server than without.
#>
function Start-TestServer([Parameter(Mandatory)] [string] $Name, [string[]] $Option = @()) {
    Import-Module $manifest -Global
    $key = "$Name$Option" -replace '[^\w.-]'
    if ($running.ContainsKey($key)) { return $running[$key] }
    $state = Get-State $key
    if ($Name -eq 'embedded') {
        # Runs that ended have left their folders, for the server that could remove them ends after them. What somebody
        # still holds stays for the next run.
        Get-Item (Get-State 'embedded*' -OfProcess *) | Where-Object { $_.Name -match '-(\d+)-' -and -not (Get-Process -Id $Matches[1] -ErrorAction Ignore) } |
            Remove-Item -Recurse -Force -ErrorAction SilentlyContinue
        $root = (New-Item $state -ItemType Directory -Force).FullName
        $line = "--root `"$root`" $Option"
        $start = if ($embedded -like '*.dll') { New-Object Diagnostics.ProcessStartInfo 'dotnet', "`"$embedded`" $line" }
        else { New-Object Diagnostics.ProcessStartInfo $embedded, $line }
        $start.UseShellExecute = $false
        # The server ends when its standard input does, which is with this process at the latest.
        $start.RedirectStandardInput = $true
        $start.RedirectStandardOutput = $true
        $process = [Diagnostics.Process]::Start($start)
        $line = $process.StandardOutput.ReadLine()
        if (-not $line) { throw 'The embedded server does not start.' }
        $info = $line | ConvertFrom-Json
    }
    else {
        $info = & bash $script start $Name $state @Option --owner-pid $PID | ConvertFrom-Json
        if ($LASTEXITCODE) { throw "$Name does not start." }
        $root = $info.root
        $process = $null
        if ($info.certificate) {
            # As openssl has it, for the module's own count would not do.
            $line = & openssl x509 -in $info.certificate -noout -fingerprint -sha256
            $info | Add-Member certificateThumbprint ($line -replace '^.*=' -replace ':')
        }
    }
    $password = ConvertTo-SecureString $info.password -AsPlainText -Force
    $running[$key] = [pscustomobject]@{
        Name              = $Name
        Host              = $info.host
        Port              = $info.port
        Credential        = New-Object Management.Automation.PSCredential $info.user, $password
        Root              = $root
        State             = $state
        Process           = $process
        # Null without TLS. The paths are null of the embedded server, which keeps its certificate in memory.
        Thumbprint        = $info.certificateThumbprint
        Certificate       = $info.certificate
        ClientCertificate = $info.clientCertificate
    }
    $running[$key]
}

<#
.SYNOPSIS
Starts microsocks or tinyproxy, which demands a user and a password.
#>
function Start-TestProxy([Parameter(Mandatory)] [string] $Name) {
    $state = Get-State $Name
    $info = & bash $script start $Name $state --proxy-user --owner-pid $PID | ConvertFrom-Json
    if ($LASTEXITCODE) { throw "$Name does not start." }
    $scheme = if ($Name -eq 'microsocks') { 'socks5' } else { 'http' }
    [pscustomobject]@{
        Uri        = "${scheme}://$($info.host):$($info.port)"
        Credential = New-Object Management.Automation.PSCredential $info.user, (ConvertTo-SecureString $info.password -AsPlainText -Force)
        State      = $state
    }
}

<#
.SYNOPSIS
Stops a proxy.
#>
function Stop-TestProxy([Parameter(Mandatory)] $Proxy) { & bash $script stop $Proxy.State }

<#
.SYNOPSIS
Makes an empty folder on a server: Local is its path here, Remote its path there.
#>
function New-TestFolder([Parameter(Mandatory)] $Server) {
    $name = [Guid]::NewGuid().ToString('N').Substring(0, 8)
    $local = (New-Item (Join-Path $Server.Root $name) -ItemType Directory).FullName
    Grant-TestFolder $Server
    [pscustomobject]@{ Local = $local; Remote = "/$name" }
}

<#
.SYNOPSIS
Lets the server's account have what was put into its folder from here.
#>
function Grant-TestFolder([Parameter(Mandatory)] $Server) {
    if ($Server.Name -ne 'embedded') { & bash $script own $Server.State }
}

<#
.SYNOPSIS
Connects to a server; further parameters are those of Connect-Ftp. A server without TLS is meant to have none.
#>
function Connect-TestServer([Parameter(Mandatory)] $Server, [hashtable] $With = @{}) {
    if (-not $Server.Thumbprint -and -not $With.ContainsKey('Tls')) { $With = $With + @{ Tls = 'None' } }
    Connect-Ftp $Server.Host -Port $Server.Port -Credential $Server.Credential @With
}

<#
.SYNOPSIS
Starts a relay on loopback to a server's control port: Port is its own, Drop() cuts all that pass it, DropAfter(verb, ms)
does so a while after the next command of a verb has passed. Data connections go past it.
#>
function Start-TestRelay([Parameter(Mandatory)] $Server) {
    if (-not ('FtpToolsTestRelay' -as [type])) {
        Add-Type -TypeDefinition @'
using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

public sealed class FtpToolsTestRelay : IDisposable
{
    private readonly TcpListener _listener = new TcpListener(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = new List<TcpClient>();
    private volatile Tuple<string, int, Action> _next;
    private Timer _timer;

    public FtpToolsTestRelay(string host, int port)
    {
        _listener.Start();
        Start(delegate
        {
            while (true)
            {
                var near = _listener.AcceptTcpClient();
                var far = new TcpClient(host, port);
                lock (_clients) { _clients.Add(near); _clients.Add(far); }
                Start(delegate { Copy(near, far); });
                Start(delegate { Copy(far, near); });
            }
        });
    }

    public int Port { get { return ((IPEndPoint)_listener.LocalEndpoint).Port; } }

    public int Drops { get; private set; }

    public void Drop()
    {
        lock (_clients)
        {
            Drops++;
            foreach (var client in _clients) client.Close();
            _clients.Clear();
        }
    }

    // Not after the call: a slow machine would not have begun by then.
    public void DropAfter(string verb, int milliseconds) { _next = Tuple.Create(verb, milliseconds, new Action(Drop)); }

    public void StopAfter(string verb, int milliseconds) { _next = Tuple.Create(verb, milliseconds, new Action(delegate { _listener.Stop(); Drop(); })); }

    public void Dispose() { if (_timer != null) _timer.Dispose(); _listener.Stop(); Drop(); }

    private static void Start(Action work)
    {
        var thread = new Thread(delegate() { try { work(); } catch (Exception) { } });
        thread.IsBackground = true;
        thread.Start();
    }

    private void Copy(TcpClient from, TcpClient to)
    {
        var buffer = new byte[8192];
        try
        {
            int count;
            while ((count = from.GetStream().Read(buffer, 0, buffer.Length)) > 0)
            {
                to.GetStream().Write(buffer, 0, count);
                var next = _next;
                if (next == null || ("\n" + Encoding.ASCII.GetString(buffer, 0, count)).IndexOf("\n" + next.Item1 + " ", StringComparison.Ordinal) < 0) continue;
                _next = null;
                _timer = new Timer(delegate { next.Item3(); }, null, next.Item2, Timeout.Infinite);
            }
        }
        finally { from.Close(); to.Close(); }
    }
}
'@
    }
    New-Object FtpToolsTestRelay $Server.Host, $Server.Port
}

<#
.SYNOPSIS
Writes a file of so many random bytes, and gives back its path.
#>
function New-TestData([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [int] $Length) {
    New-Item (Split-Path $Path) -ItemType Directory -Force | Out-Null
    $bytes = New-Object byte[] $Length
    (New-Object Random).NextBytes($bytes)
    [IO.File]::WriteAllBytes($Path, $bytes)
    $Path
}

<#
.SYNOPSIS
Writes a text file, with its directory if that is missing, and gives back its path.
#>
function New-TestFile([Parameter(Mandatory)] [string] $Path, [string] $Content = '') {
    New-Item (Split-Path $Path) -ItemType Directory -Force | Out-Null
    [IO.File]::WriteAllText($Path, $Content)
    $Path
}

<#
.SYNOPSIS
Runs a script and gives back the first error it writes or throws; fails when there is none.
#>
function Get-ExpectedError([Parameter(Mandatory)] [scriptblock] $Script) {
    $found = $null
    try { $found = @(& $Script 2>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] })[0] }
    catch { $found = $_ }
    if (-not $found) { throw "No error came from: $Script" }
    $found
}

Export-ModuleMember -Function Get-TestServer, Get-MainJobTestServer, Skip-Test, Get-PowerShellPath, Start-TestServer, Start-TestProxy, Stop-TestProxy, New-TestFolder, Grant-TestFolder, Connect-TestServer, New-TestFile, New-TestData, Start-TestRelay, Get-ExpectedError -Variable oddName, manifest
