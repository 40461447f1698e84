using DevOps;
using DevOps.Credentials;
using DevOps.Oci;
using DevOps.Registry;

namespace Cli;

/// <summary><c>login REGISTRY</c>: shows a password to a registry, and keeps it where Docker does. It is read from standard input: other users can see the words of a command.</summary>
internal static class LoginCommand
{
    internal const string Usage = "login REGISTRY --username NAME --password-stdin [--insecure HOST[:PORT]]...";

    private const int MaxPasswordLength = 64 << 10;

    internal static async Task<int> RunAsync(IReadOnlyList<string> words, Func<bool, Output> outputFor, CancellationToken cancellationToken)
    {
        Arguments arguments = Arguments.Parse(words, ["--username", "-u", Shared.Insecure], ["--password-stdin", "--json"]);
        Output output = outputFor(arguments.Has("--json"));
        RegistryAddress address = Address(arguments.Values("REGISTRY")[0]);
        string user = arguments.Find("-u") ?? arguments.Require("--username");
        if (!arguments.Has("--password-stdin"))
        {
            throw new UsageException("'--password-stdin' is missing: the password is read from standard input only, as in 'login ghcr.io -u robot --password-stdin < token'.");
        }

        string password = await ReadPasswordAsync(cancellationToken);
        Credential credential = Credential.FromPassword(user, password);
        using RegistryClient registry = Shared.Registry(arguments);
        CredentialCheck check = await registry.CheckCredentialAsync(address, credential, cancellationToken);
        if (check.Verdict == CredentialVerdict.Refused)
        {
            throw new DevOpsException($"{check.Detail} Nothing was stored.");
        }

        string place = await StoredCredentials.Writer.StoreAsync(address, credential, cancellationToken);
        if (check.Verdict == CredentialVerdict.NotAsked)
        {
            output.Progress($"note: {address} did not ask for the credential, so it was not checked");
        }

        output.Result(new() { ["registry"] = address.ToString(), ["verdict"] = check.Verdict.ToString(), ["storedIn"] = place }, $"logged in to {address}; the credential is kept in {place}");
        return 0;
    }

    internal static RegistryAddress Address(string text)
    {
        try
        {
            return RegistryAddress.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static async Task<string> ReadPasswordAsync(CancellationToken cancellationToken)
    {
        char[] buffer = new char[MaxPasswordLength + 1];
        int length = await Console.In.ReadBlockAsync(buffer, cancellationToken);
        string password = new string(buffer, 0, Math.Min(length, MaxPasswordLength)).TrimEnd('\r', '\n');
        return password.Length is 0 || length > MaxPasswordLength ? throw new UsageException("Standard input holds no password that can be used.") : password;
    }
}
