using System.Net;
using DevOps.Registry.Server;
using Microsoft.AspNetCore.Connections;

namespace Cli;

/// <summary><c>serve DIR</c>: a registry, until Ctrl-C.</summary>
internal static class ServeCommand
{
    private const string Listen = "--listen";
    private const string Data = "--data";
    private const string Port = "--port";
    private const string Htpasswd = "--htpasswd";
    private const string AnonymousPull = "--anonymous-pull";
    private const string ReadOnly = "--read-only";
    private const string Delete = "--delete";
    private const string Garbage = "--gc";

    internal static Command Command { get; } = new(
        "serve",
        "DIR",
        "Runs a registry until Ctrl-C",
        [
            new(Listen, "ADDRESS:PORT", $"where it listens; {ListenAddress.Default} by default, :PORT is every address, port 0 any free one"),
            new(Port, "PORT", "the same, on localhost"),
            new(Data, "DIR", "the folder of its data, in place of DIR"),
            new(Htpasswd, "FILE", "lets in who is in a file of 'htpasswd -B', and nobody else; the file may change meanwhile"),
            new(AnonymousPull, null, $"lets everybody pull; only with {Htpasswd}"),
            new(ReadOnly, null, "refuses every change"),
            new(Delete, null, "lets clients delete tags, manifests and blobs; refused otherwise"),
            new(Garbage, null, "removes at the start and every hour what no manifest names for an hour"),
        ],
        RunAsync)
    {
        Notes = ["Each push, pull and deletion is a line on the error output. It speaks no TLS: put a proxy before it where others reach it.", "Ctrl-C lets requests in progress end; a second one does not."],
        Examples = ["serve ./registry", "serve ./registry --listen :5000 --htpasswd users --anonymous-pull --gc"],
    };

    private static async Task<int> RunAsync(Arguments arguments, Output output, CancellationToken cancellationToken)
    {
        ListenAddress address = Address(arguments);
        string directory = Directory(arguments);
        if (arguments.Has(AnonymousPull) && arguments.Find(Htpasswd) is null)
        {
            throw new UsageException($"'{AnonymousPull}' is of use only with '{Htpasswd}': without it everybody may do everything.");
        }

        using WarningLines warnings = new(output);
        using HtpasswdFile? users = arguments.Find(Htpasswd) is { } path
            ? File.Exists(path) ? new HtpasswdFile(path, null, warnings) : throw new FileNotFoundException($"The file of passwords '{path}' does not exist. Make it with 'htpasswd -B -c {path} USER'.")
            : null;
        RegistryHostOptions options = new() { Directory = directory, Endpoint = address.Endpoint, Authorizer = users is null ? null : Authorizer(arguments, users) };
        options = options with
        {
            Registry = options.Registry with
            {
                Mode = arguments.Has(ReadOnly) ? RegistryMode.ReadOnly : RegistryMode.ReadWrite,
                Deletions = arguments.Has(Delete) ? RegistryDeletions.All : RegistryDeletions.None,
                Events = new RequestLines(output, TimeProvider.System),
            },
        };
        await using (RegistryHost host = await StartAsync(options, address, warnings, cancellationToken))
        {
            string told = address.Told(host.Address);
            output.Result(new() { ["address"] = told }, $"listening on {told}");
            Greet(output, told, arguments, address.Endpoint, directory);
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task work = arguments.Has(Garbage) ? GarbageCollection.RunAsync(host.Storage, output, end.Token) : Task.Delay(Timeout.Infinite, end.Token);
            try
            {
                await work;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                output.Progress("stopping: requests in progress end first; Ctrl-C again breaks them off");
            }
        }

        output.Progress("stopped");
        return 0;
    }

    private static async Task<RegistryHost> StartAsync(RegistryHostOptions options, ListenAddress address, WarningLines warnings, CancellationToken cancellationToken)
    {
        try
        {
            return await RegistryHost.StartAsync(options, warnings, cancellationToken);
        }
        catch (IOException e) when (e.InnerException is IOException { InnerException: AddressInUseException })
        {
            throw new IOException($"Something listens on {address} already. Choose another port with '{Port} N', or another address with '{Listen}'; '{Port} 0' takes any free port.", e);
        }
    }

    private static void Greet(Output output, string address, Arguments arguments, IPEndPoint endpoint, string directory)
    {
        bool hasUsers = arguments.Has(Htpasswd);
        bool isReadOnly = arguments.Has(ReadOnly);
        output.Progress($"data in {Path.GetFullPath(directory)}{(isReadOnly ? ", which cannot be changed" : "")}; Ctrl-C stops");
        if (hasUsers)
        {
            output.Progress($"log in with:  devops login {address} -u USER, or docker login {address}");
        }

        output.Progress(isReadOnly ? $"pull with:  docker pull {address}/NAME:TAG" : $"push with:  devops copy SOURCE {address}/NAME:TAG, or docker push {address}/NAME:TAG");
        if (!IPAddress.IsLoopback(endpoint.Address))
        {
            output.Progress(hasUsers
                ? "note: without TLS, passwords cross the network as they are"
                : $"note: without TLS and without credentials, everyone who reaches this address can read{(isReadOnly ? "" : " and write")}");
        }
    }

    // Docker and others pull without an account only where tokens are given out: a registry that asks for a password at the ping is left by them there.
    private static IRegistryAuthorizer Authorizer(Arguments arguments, HtpasswdFile users) => arguments.Has(AnonymousPull)
        ? new BearerAuthorizer(RegistryTokenKey.Generate(), users, (userName, _, _) => ValueTask.FromResult(userName is null ? RegistryActions.Pull : RegistryActions.All))
        : new BasicAuthorizer(users);

    private static string Directory(Arguments arguments)
    {
        string? option = arguments.Find(Data);
        if (option is not null)
        {
            _ = arguments.Values();
            return option;
        }

        return arguments.ValueCount == 0 ? throw new UsageException($"DIR is missing, the folder of the registry's data. '{Data}' names it too.") : arguments.Values("DIR")[0];
    }

    private static ListenAddress Address(Arguments arguments) => (arguments.Find(Port), arguments.Find(Listen)) switch
    {
        ({ } port, null) => ListenAddress.OfPort(port),
        (null, var listen) => ListenAddress.Parse(listen ?? ListenAddress.Default),
        _ => throw new UsageException($"'{Port}' and '{Listen}' both say where to listen. Give one."),
    };
}
