// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {GranaryDomain} from "./GranaryDomain.sol";
import {AccessRequest, Approval, IAccessRequests, Permit, Request, Source} from "./interfaces/IAccessRequests.sol";
import {Dataset, IDatasetRegistry, Pool} from "./interfaces/IDatasetRegistry.sol";
import {IRewardPool} from "./interfaces/IRewardPool.sol";
import {ITrainerRegistry} from "./interfaces/ITrainerRegistry.sol";
import {Flags} from "./libraries/Flags.sol";
import {MessageHash} from "./libraries/MessageHash.sol";
import {Purposes} from "./libraries/Purposes.sol";
import {SignatureCheck} from "./libraries/SignatureCheck.sol";
import {X25519} from "./libraries/X25519.sol";

/// @title AccessRequests
/// @notice Requests, their escrow, and approvals.
contract AccessRequests is IAccessRequests, GranaryDomain, Ownable2Step {
    using MessageHash for AccessRequest;
    using MessageHash for Approval;
    using MessageHashUtils for bytes32;
    using SafeERC20 for IERC20;

    // -------------------------------------------------------------------------------------------------------- types

    /// @dev As `Request`, with the settlement that marked it final: that one may be voided.
    struct Record {
        address trainer;
        uint16 pool;
        uint32 purposes;
        uint32 count;
        uint40 expires;
        uint40 window;
        uint16 treasuryBps;
        uint16 custodiansBps;
        bool refunded;
        Source finalBy;
        bytes32 manifestRoot;
        bytes32 recipient;
        uint128 price;
        uint128 spent;
    }

    // ---------------------------------------------------------------------------------------------------- constants

    /// @inheritdoc IAccessRequests
    uint256 public constant FEES_MAXIMUM_BPS = 5000;

    /// @inheritdoc IAccessRequests
    uint256 public constant WINDOW_MAXIMUM = 90 days;

    uint8 private constant YES = 1;
    uint8 private constant NO = 2;

    /// @inheritdoc IAccessRequests
    IERC20 public immutable token;

    /// @inheritdoc IAccessRequests
    IDatasetRegistry public immutable registry;

    /// @inheritdoc IAccessRequests
    ITrainerRegistry public immutable trainers;

    /// @inheritdoc IAccessRequests
    address public immutable rewardPool;

    /// @inheritdoc IAccessRequests
    uint40 public immutable windowMinimum;

    // ------------------------------------------------------------------------------------------------------ storage

    mapping(bytes32 request => Record) private _requests;

    /// @dev What came back to a request after its refund while the token would not pay its trainer.
    mapping(bytes32 request => uint256) private _unpaid;

    /// @inheritdoc IAccessRequests
    mapping(bytes32 request => mapping(bytes32 dataset => uint8)) public approval;

    uint16 private _treasuryBps;
    uint16 private _custodiansBps;

    /// @inheritdoc IAccessRequests
    uint40 public window;

    // ---------------------------------------------------------------------------------------------------- modifiers

    modifier onlyRewardPool() {
        if (msg.sender != rewardPool) revert NotRewardPool(msg.sender);
        _;
    }

    // -------------------------------------------------------------------------------------------------- constructor

    /// @param rewardPool_ The reward pool, which is deployed next and names this contract in turn.
    constructor(
        IERC20 token_,
        IDatasetRegistry registry_,
        ITrainerRegistry trainers_,
        address rewardPool_,
        address owner,
        uint16 treasuryBps,
        uint16 custodiansBps,
        uint40 window_
    ) Ownable(owner) {
        if (
            address(token_) == address(0) || address(registry_) == address(0) || address(trainers_) == address(0)
                || rewardPool_ == address(0)
        ) revert AddressZero();
        token = token_;
        registry = registry_;
        trainers = trainers_;
        rewardPool = rewardPool_;
        windowMinimum = window_;
        _setFees(treasuryBps, custodiansBps);
        _setWindow(window_);
    }

    // ---------------------------------------------------------------------------------------------- signed messages

    /// @inheritdoc IAccessRequests
    function open(AccessRequest calldata message, bytes calldata signature, Permit calldata permit)
        external
        returns (bytes32 id)
    {
        id = message.hash();
        _checkMessage(message);
        if (_requests[id].trainer != address(0)) revert RequestExists(id);
        _checkTrainer(message.trainer);
        (uint128 price, uint128 escrow) = _priceOf(message);
        if (!SignatureCheck.isValid(message.trainer, DOMAIN_SEPARATOR().toTypedDataHash(id), signature)) {
            revert SignatureInvalid(message.trainer);
        }

        _store(id, message, price);
        _collect(message.trainer, escrow, permit);
    }

    /// @inheritdoc IAccessRequests
    function approve(Approval[] calldata items, bytes[] calldata signatures) external {
        if (items.length != signatures.length) revert LengthMismatch(items.length, signatures.length);
        bytes32 domain = DOMAIN_SEPARATOR();
        for (uint256 i; i < items.length; ++i) {
            bytes4 reason = _approve(items[i], signatures[i], domain);
            if (reason != 0) emit Skipped(i, reason);
        }
    }

    // -------------------------------------------------------------------------------------------------------- money

    /// @inheritdoc IAccessRequests
    function refund(bytes32 id) external {
        Record storage target = _known(id);
        address trainer = target.trainer;
        if (target.refunded) {
            _payUnpaid(id, trainer);
            return;
        }
        uint256 end = uint256(target.expires) + target.window;
        if (block.timestamp <= end) {
            uint256 effectiveFrom = _finalFrom(target);
            if (effectiveFrom > block.timestamp) revert RequestNotRefundable(id, Math.min(effectiveFrom, end + 1));
        }

        uint256 amount = _held(target);
        target.refunded = true;
        emit RequestRefunded(id, trainer, amount);

        token.safeTransfer(trainer, amount);
    }

    /// @inheritdoc IAccessRequests
    function spend(
        Source calldata source,
        bytes32[] calldata requests,
        uint256[] calldata amounts,
        bytes32[] calldata finals
    ) external onlyRewardPool returns (uint256 total) {
        if (requests.length != amounts.length) {
            revert LengthMismatch(requests.length, amounts.length);
        }

        for (uint256 i; i < requests.length; ++i) {
            total += _spend(requests[i], amounts[i]);
        }
        for (uint256 i; i < finals.length; ++i) {
            _finish(finals[i], source);
        }

        token.safeTransfer(rewardPool, total);
    }

    /// @inheritdoc IAccessRequests
    function giveBack(
        Source calldata source,
        bytes32[] calldata requests,
        uint256[] calldata amounts,
        bytes32[] calldata finals
    ) external onlyRewardPool {
        for (uint256 i; i < finals.length; ++i) {
            _reopen(finals[i], source);
        }
        for (uint256 i; i < requests.length; ++i) {
            _return(requests[i], amounts[i]);
        }
    }

    // -------------------------------------------------------------------------------------------------------- owner

    /// @inheritdoc IAccessRequests
    function setFees(uint16 treasuryBps, uint16 custodiansBps) external onlyOwner {
        _setFees(treasuryBps, custodiansBps);
    }

    /// @inheritdoc IAccessRequests
    function setWindow(uint40 seconds_) external onlyOwner {
        _setWindow(seconds_);
    }

    // -------------------------------------------------------------------------------------------------------- views

    /// @inheritdoc IAccessRequests
    function request(bytes32 id) external view returns (Request memory) {
        Record storage found = _requests[id];
        return Request({
            trainer: found.trainer,
            pool: found.pool,
            purposes: found.purposes,
            count: found.count,
            expires: found.expires,
            window: found.window,
            treasuryBps: found.treasuryBps,
            custodiansBps: found.custodiansBps,
            isFinal: _isFinal(found),
            refunded: found.refunded,
            manifestRoot: found.manifestRoot,
            recipient: found.recipient,
            price: found.price,
            spent: found.spent
        });
    }

    /// @inheritdoc IAccessRequests
    function fees() external view returns (uint16 treasuryBps, uint16 custodiansBps) {
        return (_treasuryBps, _custodiansBps);
    }

    // ---------------------------------------------------------------------------------------------------- internals

    function _checkMessage(AccessRequest calldata message) private view {
        if (block.timestamp > message.deadline) revert MessageExpired(message.deadline);
        if (block.timestamp >= message.expires) revert RequestExpired(message.expires);
        if (message.count == 0) revert CountZero();
        if (!Purposes.isDefined(message.purposes)) revert PurposesUndefined(message.purposes);
        if (!Purposes.isSingleUse(message.purposes)) revert PurposeNotSingle(message.purposes);
        if (X25519.isLowOrder(message.recipient)) revert RecipientLowOrder(message.recipient);
    }

    function _checkTrainer(address trainer) private view {
        if (trainers.isApproved(trainer)) return;
        if (trainers.trainer(trainer).suspended) revert TrainerIsSuspended(trainer);
        revert TrainerNotApproved(trainer);
    }

    function _priceOf(AccessRequest calldata message) private view returns (uint128 price, uint128 escrow) {
        Pool memory pool = registry.pool(message.pool);
        if (pool.terms == 0) revert PoolUnknown(message.pool);
        if (pool.closed) revert PoolIsClosed(message.pool);
        if (pool.price > type(uint128).max / message.count) revert EscrowTooLarge(pool.price, message.count);
        price = uint128(pool.price);
        escrow = price * message.count;
        if (escrow > message.maxTotalPrice) revert PriceAboveMaximum(escrow, message.maxTotalPrice);
    }

    function _store(bytes32 id, AccessRequest calldata message, uint128 price) private {
        _requests[id] = Record({
            trainer: message.trainer,
            pool: message.pool,
            purposes: message.purposes,
            count: message.count,
            expires: message.expires,
            window: window,
            treasuryBps: _treasuryBps,
            custodiansBps: _custodiansBps,
            refunded: false,
            finalBy: Source(0, 0),
            manifestRoot: message.manifestRoot,
            recipient: message.recipient,
            price: price,
            spent: 0
        });
        emit RequestOpened(
            id,
            message.trainer,
            message.pool,
            message.purposes,
            message.manifestRoot,
            message.manifestDocument,
            message.count,
            message.recipient,
            price,
            _treasuryBps,
            _custodiansBps,
            message.expires,
            window
        );
    }

    /// @dev A failing permit is ignored: somebody may have sent it first to make this fail, and then the allowance is
    /// there.
    function _collect(address trainer, uint256 escrow, Permit calldata permit) private {
        if (permit.deadline != 0) {
            try IERC20Permit(address(token))
                .permit(trainer, address(this), permit.value, permit.deadline, permit.v, permit.r, permit.s) {}
                catch {}
        }
        token.safeTransferFrom(trainer, address(this), escrow);
    }

    /// @dev Returns zero, or the selector of the error for which nothing was done.
    function _approve(Approval calldata item, bytes calldata signature, bytes32 domain) private returns (bytes4) {
        Record storage target = _requests[item.request];
        Dataset memory dataset = registry.dataset(item.dataset);

        if (block.timestamp > item.deadline) return MessageExpired.selector;
        if (target.trainer == address(0)) return RequestUnknown.selector;
        if (target.refunded) return RequestIsRefunded.selector;
        if (_isFinal(target)) return RequestIsFinal.selector;
        if (block.timestamp > target.expires) return RequestExpired.selector;
        if (dataset.owner == address(0)) return DatasetUnknown.selector;
        if (dataset.flags & Flags.WITHDRAWN != 0) return DatasetWithdrawn.selector;
        if (approval[item.request][item.dataset] == NO) return ApprovalFinal.selector;
        if (!SignatureCheck.isValid(dataset.owner, domain.toTypedDataHash(item.hash()), signature)) {
            return SignatureInvalid.selector;
        }

        approval[item.request][item.dataset] = item.granted ? YES : NO;
        emit ApprovalGiven(item.request, item.dataset, item.granted);
        return 0;
    }

    function _spend(bytes32 id, uint256 amount) private returns (uint256) {
        Record storage target = _known(id);
        if (target.refunded) revert RequestIsRefunded(id);
        if (_isFinal(target)) revert RequestIsFinal(id);
        uint256 held = _held(target);
        if (amount > held) revert EscrowExceeded(id, amount, held);

        target.spent += uint128(amount);
        emit RequestSpent(id, amount);
        return amount;
    }

    function _finish(bytes32 id, Source calldata source) private {
        Record storage target = _known(id);
        if (target.refunded || _isFinal(target)) return;

        target.finalBy = source;
        emit RequestFinal(id, source.number);
    }

    /// @dev Another settlement may have marked it final since, or it was passed over then: then that stays.
    function _reopen(bytes32 id, Source calldata source) private {
        Record storage target = _requests[id];
        if (target.finalBy.sequence != source.sequence) return;

        delete target.finalBy;
        emit RequestReopened(id, source.number);
    }

    /// @dev A trainer whom the token would not pay must not hold up the other requests of the settlement.
    function _return(bytes32 id, uint256 amount) private {
        Record storage target = _requests[id];
        target.spent -= uint128(amount);
        emit RequestReturned(id, amount);

        if (target.refunded && !token.trySafeTransfer(target.trainer, amount)) _unpaid[id] += amount;
    }

    /// @dev Without an event of its own: `RequestReturned` has said that the amount is the trainer's.
    function _payUnpaid(bytes32 id, address trainer) private {
        uint256 amount = _unpaid[id];
        if (amount == 0) revert RequestIsRefunded(id);

        delete _unpaid[id];

        token.safeTransfer(trainer, amount);
    }

    function _setFees(uint16 treasuryBps, uint16 custodiansBps) private {
        if (uint256(treasuryBps) + custodiansBps > FEES_MAXIMUM_BPS) revert FeesTooHigh(treasuryBps, custodiansBps);
        _treasuryBps = treasuryBps;
        _custodiansBps = custodiansBps;
        emit FeesChanged(treasuryBps, custodiansBps);
    }

    function _setWindow(uint40 seconds_) private {
        if (seconds_ < windowMinimum || seconds_ > WINDOW_MAXIMUM) {
            revert WindowInvalid(seconds_, windowMinimum, WINDOW_MAXIMUM);
        }
        window = seconds_;
        emit WindowChanged(seconds_);
    }

    function _known(bytes32 id) private view returns (Record storage found) {
        found = _requests[id];
        if (found.trainer == address(0)) revert RequestUnknown(id);
    }

    function _held(Record storage target) private view returns (uint256) {
        return uint256(target.price) * target.count - target.spent;
    }

    /// @dev Marked final by a settlement that was not voided, be its delay over or not.
    function _isFinal(Record storage target) private view returns (bool) {
        return _finalFrom(target) != type(uint256).max;
    }

    /// @dev From when on a refund is possible because the request is final; the end of time if it is not.
    function _finalFrom(Record storage target) private view returns (uint256) {
        Source memory by = target.finalBy;
        if (by.sequence == 0) return type(uint256).max;
        return IRewardPool(rewardPool).effectiveFrom(by.number, by.sequence);
    }
}
