# One run of one client in a process of its own, for the situation of two at once.
param([string] $Client, [string] $Computer, [int] $Port, [string] $User, [string] $Password, [string] $Here, [string] $At)
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../Module/TestServer.psm1"
Import-Module $manifest
. "$PSScriptRoot/Clients.ps1"
$ftp = [pscustomobject]@{ Host = $Computer; Port = $Port; Thumbprint = $null; Credential = [pscredential]::new($User, (ConvertTo-SecureString $Password -AsPlainText -Force)) }
& $clients[$Client] @{} $ftp $Here $At
