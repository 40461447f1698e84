using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace DevOps.Registry.Server;

/// <summary>Takes every request below <c>/v2/</c> and leads it to its resource.</summary>
internal sealed partial class RegistryDispatcher(RegistryStorage storage, RegistryEndpointOptions options, RegistryWatch watch, ILogger logger)
{
    // What may stand there already of an answer that then could not be given.
    private static readonly string[] ContentHeaders = ["Accept-Ranges", "Content-Range", "Docker-Content-Digest"];

    private readonly RegistryGuard _guard = new(options);

    internal async Task HandleAsync(HttpContext context)
    {
        // A layer has any size; manifests have a limit of their own.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        context.Response.Headers["Docker-Distribution-API-Version"] = "registry/2.0";
        RegistryRoute route = RegistryRoute.Parse(context.GetRouteValue(RegistryRoute.PathName) as string ?? "");
        try
        {
            await RouteAsync(context, route).ConfigureAwait(false);
        }
        catch (RegistryError error) when (!context.Response.HasStarted)
        {
            watch.Refused(error.Code);
            if (error.InnerException is { } cause)
            {
                LogFailure(logger, context.Request.Method, context.Request.Path, cause);
            }

            if (error.Status == StatusCodes.Status405MethodNotAllowed)
            {
                context.Response.Headers.Allow = WritePolicy.Allow(options, route);
            }

            await error.WriteAsync(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            LogAborted(logger, context.Request.Method, context.Request.Path);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await new RegistryError(e.StatusCode, "UNSUPPORTED", "the request is malformed or came too slowly").WriteAsync(context).ConfigureAwait(false);
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            watch.Refused("UNKNOWN");
            LogFailure(logger, context.Request.Method, context.Request.Path, e);
            foreach (string header in ContentHeaders)
            {
                context.Response.Headers.Remove(header);
            }

            await (e is IOException error && DiskError.IsFull(error) ? RegistryError.DiskFull : RegistryError.Failure).WriteAsync(context).ConfigureAwait(false);
        }
    }

    private async Task RouteAsync(HttpContext context, RegistryRoute route)
    {
        if (route.Resource is RegistryResource.Unknown)
        {
            throw new RegistryError(StatusCodes.Status404NotFound, "UNSUPPORTED", "there is nothing at this path");
        }

        if (route.Repository is null && route.Resource is not (RegistryResource.Ping or RegistryResource.Catalog))
        {
            throw RegistryError.NameInvalid;
        }

        await _guard.DemandAsync(context, route).ConfigureAwait(false);
        await HandleAsync(context, route).ConfigureAwait(false);
    }

    private Task HandleAsync(HttpContext context, RegistryRoute route)
    {
        if (route.Resource is RegistryResource.Ping or RegistryResource.Catalog)
        {
            return !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) ? throw RegistryError.Unsupported
                : route.Resource is RegistryResource.Catalog ? ListEndpoint.CatalogAsync(context, storage, _guard)
                : RegistryAnswer.JsonAsync(context, StatusCodes.Status200OK, "application/json", "{}"u8.ToArray());
        }

        WritePolicy.Check(options, route, context.Request.Method);
        RepositoryFolder repository = storage.GetRepository(route.Repository!);
        return route.Resource switch
        {
            RegistryResource.Uploads => UploadEndpoint.StartAsync(context, storage, repository, options, _guard, watch),
            RegistryResource.Upload => UploadEndpoint.ContinueAsync(context, storage, repository, route.Item, watch),
            RegistryResource.Blob => BlobEndpoint.HandleAsync(context, repository, route.Item, options, watch),
            RegistryResource.Manifest => ManifestEndpoint.HandleAsync(context, repository, route.Item, options, _guard, watch),
            _ when !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) => throw RegistryError.Unsupported,
            RegistryResource.Tags => ListEndpoint.TagsAsync(context, repository),
            _ => ListEndpoint.ReferrersAsync(context, repository, route.Item),
        };
    }

    [LoggerMessage(LogLevel.Information, "{Method} {Path} was broken off by the client")]
    private static partial void LogAborted(ILogger logger, string method, PathString path);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private static partial void LogFailure(ILogger logger, string method, PathString path, Exception exception);
}
