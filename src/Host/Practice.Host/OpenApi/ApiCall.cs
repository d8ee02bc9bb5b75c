using System.Reflection;
using Practice.Authorization;
using Practice.Shared.Http;

namespace Practice.Host.OpenApi;

/// <summary>An operation's endpoint, and what its code does.</summary>
internal sealed record ApiCall(EndpointMetadataCollection Metadata, MethodInfo Handler, CalledCode Code)
{
    public string Name { get; } = Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName;

    public AccessRequirement? Requirement { get; } = RouteAuthorization.RequirementOf(Metadata);

    public Type? Body { get; } =
        Handler
            .GetParameters()
            .Select(parameter => parameter.ParameterType)
            .FirstOrDefault(type =>
                type.IsGenericType
                && (
                    type.GetGenericTypeDefinition() == typeof(Body<>)
                    || type.GetGenericTypeDefinition() == typeof(OptionalBody<>)
                )
            )
            ?.GetGenericArguments()[0];

    public bool Takes(Type type) => Handler.GetParameters().Any(parameter => parameter.ParameterType == type);
}
