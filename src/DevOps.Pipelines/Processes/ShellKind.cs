namespace DevOps.Pipelines;

/// <summary>A shell that scripts are written for.</summary>
public enum ShellKind
{
    /// <summary><c>bash</c>, with <c>set -eo pipefail</c>: the first command that fails ends the script, also one inside a pipe.</summary>
    Bash,

    /// <summary><c>sh</c>, with <c>set -e</c>, and <c>set -o pipefail</c> where the shell knows it: <c>dash</c> before 0.5.13 does not, and there only the last command of a pipe counts.</summary>
    Sh,

    /// <summary>PowerShell 7, <c>pwsh</c>, with <c>$ErrorActionPreference = 'Stop'</c>: the first cmdlet that fails ends the script. A program that fails does not; the script ends with the code of the last program that ran.</summary>
    PowerShell,
}
