using System.Globalization;
using System.Net;
using DevOps.Registry.Server;

namespace Cli;

/// <summary><c>serve DIR</c>: a registry, until Ctrl-C.</summary>
internal static class ServeCommand
{
    internal const string Usage = "serve DIR|--data DIR [--port PORT|--listen ADDRESS:PORT] [--htpasswd FILE] [--read-only]";

    internal static async Task<int> RunAsync(IReadOnlyList<string> words, Func<bool, Output> outputFor, CancellationToken cancellationToken)
    {
        Arguments arguments = Arguments.Parse(words, ["--listen", "--data", "--port", "--htpasswd"], ["--read-only", "--json"]);
        Output output = outputFor(arguments.Has("--json"));
        IPEndPoint endpoint = Endpoint(arguments);
        string directory = Data(arguments);
        using HtpasswdFile? users = arguments.Find("--htpasswd") is { } path
            ? File.Exists(path) ? new HtpasswdFile(path) : throw new FileNotFoundException($"The file of passwords '{path}' does not exist. Make it with 'htpasswd -B -c {path} USER'.")
            : null;
        RegistryHostOptions options = new() { Directory = directory, Endpoint = endpoint, Authorizer = users is null ? null : new BasicAuthorizer(users) };
        options = options with { Registry = options.Registry with { Mode = arguments.Has("--read-only") ? RegistryMode.ReadOnly : RegistryMode.ReadWrite } };
        await using RegistryHost host = await RegistryHost.StartAsync(options, cancellationToken: cancellationToken);
        output.Result(new() { ["address"] = host.Address.ToString() }, $"listening on {host.Address}");
        if (!IPAddress.IsLoopback(endpoint.Address))
        {
            output.Progress(users is null
                ? $"note: without TLS and without credentials, everyone who reaches this address can read{(arguments.Has("--read-only") ? "" : " and write")}"
                : "note: without TLS, passwords cross the network as they are");
        }

        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            output.Progress("stopped");
        }

        return 0;
    }

    private static string Data(Arguments arguments)
    {
        string? option = arguments.Find("--data");
        if (option is not null)
        {
            _ = arguments.Values();
            return option;
        }

        return arguments.ValueCount == 0 ? throw new UsageException("'--data' is missing.") : arguments.Values("DIR")[0];
    }

    private static IPEndPoint Endpoint(Arguments arguments)
    {
        if (arguments.Find("--port") is { } port)
        {
            return arguments.Find("--listen") is not null ? throw new UsageException("'--port' and '--listen' both say where to listen. Give one.")
                : ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) ? new(IPAddress.Loopback, number)
                : throw new UsageException($"'{port}' is no port: write a number from 0, for any free one, to 65535.");
        }

        string listen = arguments.Find("--listen") ?? (arguments.ValueCount > 0 ? "127.0.0.1:5000" : arguments.Require("--listen"));
        return IPEndPoint.TryParse(listen.Replace("localhost:", "127.0.0.1:", StringComparison.Ordinal), out IPEndPoint? endpoint) && listen.Contains(':', StringComparison.Ordinal)
            ? endpoint
            : throw new UsageException($"'{listen}' is nowhere to listen: write ADDRESS:PORT, as 127.0.0.1:5000; port 0 is any free one.");
    }
}
