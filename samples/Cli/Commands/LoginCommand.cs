using DevOps;
using DevOps.Credentials;
using DevOps.Oci;
using DevOps.Registry;

namespace Cli;

/// <summary><c>login REGISTRY</c>: shows a password to a registry, and keeps it where Docker does. It is read from standard input or at a prompt: other users can see the words of a command.</summary>
internal static class LoginCommand
{
    internal const string RegistryHelp = "REGISTRY: a host, with its port where it has one, and no path, as ghcr.io or localhost:5000; localhost and 127.0.0.1 are two.";
    private const string PasswordStdin = "--password-stdin";
    private const string UserName = "--username";

    internal static Command Command { get; } = new(
        "login",
        "REGISTRY",
        "Shows a password to a registry, and keeps it where docker, podman and this program find it",
        [
            new(UserName, "NAME", "the user; asked for at a terminal where it is missing") { Short = "-u" },
            new(PasswordStdin, null, "reads the password from standard input; asked for at a terminal without it"),
            Option.Insecure,
        ],
        RunAsync)
    {
        Notes = [RegistryHelp, "The password is never a word of the command. A credential that the registry refuses is not kept.", "It is kept by the credential helper that docker's config.json names, or else in that file, not encrypted."],
        Examples = ["login ghcr.io -u robot", "login ghcr.io -u robot --password-stdin < token"],
    };

    private static async Task<int> RunAsync(Arguments arguments, Output output, CancellationToken cancellationToken)
    {
        RegistryAddress address = Address("login", arguments.Values("REGISTRY")[0]);
        bool isPiped = arguments.Has(PasswordStdin);
        if (!isPiped && !Prompt.IsPossible)
        {
            throw new UsageException($"'{PasswordStdin}' is missing, and there is no terminal to ask on: 'devops login {address} -u NAME {PasswordStdin} < FILE' reads the password from a file.");
        }

        CredentialFileWriter writer = StoredCredentials.Writer;
        string user = arguments.Find(UserName) ?? (isPiped ? throw new UsageException($"'{UserName}' is missing.") : await Prompt.AskAsync($"User name for {address}: ", cancellationToken));
        string password = isPiped ? await ReadPasswordAsync(cancellationToken) : await Prompt.AskSecretAsync($"Password for {user} at {address}: ", cancellationToken);
        if (user.Length == 0 || password.Length is 0 or > Prompt.MaxLength)
        {
            throw new UsageException(user.Length == 0 ? "The user name is empty." : $"{(isPiped ? "Standard input holds" : "That is")} no password that can be used: it is empty or longer than {Prompt.MaxLength} characters.");
        }

        Credential credential = Credential.FromPassword(user, password);
        using RegistryClient registry = Shared.Registry(arguments);
        CredentialCheck check = await registry.CheckCredentialAsync(address, credential, cancellationToken);
        if (check.Verdict == CredentialVerdict.Refused)
        {
            throw new DevOpsException($"{address} refuses this user name and password; nothing was stored. {check.Detail}");
        }

        string place = await writer.StoreAsync(address, credential, cancellationToken);
        bool isPlainText = place == StoredCredentials.WrittenFile;
        if (check.Verdict == CredentialVerdict.NotAsked)
        {
            output.Progress($"warning: {address} did not ask for credentials, so whether the password is right is not known; it is kept all the same");
        }

        if (isPlainText)
        {
            output.Progress($"warning: the password is not encrypted in {place}; name a credential helper there (credsStore) to keep it elsewhere");
        }

        output.Result(
            new() { ["registry"] = address.ToString(), ["verdict"] = check.Verdict.ToString(), ["storedIn"] = place, ["encrypted"] = !isPlainText },
            $"{(check.Verdict == CredentialVerdict.NotAsked ? $"no login was needed at {address}" : $"logged in to {address}")}; the credential is kept in {place}");
        return 0;
    }

    /// <summary>Reads the registry that a command is given.</summary>
    internal static RegistryAddress Address(string command, string text)
    {
        if (!text.Contains("://", StringComparison.Ordinal) && text.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash)
        {
            throw new UsageException($"'{text}' is more than a registry: {command} takes a host, with its port where it has one. Write 'devops {command} {text[..slash]}'.");
        }

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
        char[] buffer = new char[Prompt.MaxLength + 2];
        Task<int> reading = Console.In.ReadBlockAsync(buffer, cancellationToken).AsTask();
        int length = await reading.WaitAsync(cancellationToken);
        return new string(buffer, 0, length).TrimEnd('\r', '\n');
    }
}
