// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAccessRequests, Permit, Source} from "./interfaces/IAccessRequests.sol";
import {IRewardPool} from "./interfaces/IRewardPool.sol";

/// @title RequestEscrow
/// @notice The part of `AccessRequests` that holds what was paid for requests: taking it in, spending, giving back, refunds.
abstract contract RequestEscrow is IAccessRequests {
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
    IERC20 public immutable token;

    /// @inheritdoc IAccessRequests
    address public immutable rewardPool;

    // ------------------------------------------------------------------------------------------------------ storage

    mapping(bytes32 request => Record) internal _requests;

    /// @dev What came back to a request after its refund while the token would not pay its trainer.
    mapping(bytes32 request => uint256) private _unpaid;

    // ---------------------------------------------------------------------------------------------------- modifiers

    modifier onlyRewardPool() {
        if (msg.sender != rewardPool) revert NotRewardPool(msg.sender);
        _;
    }

    // -------------------------------------------------------------------------------------------------- constructor

    constructor(IERC20 token_, address rewardPool_) {
        token = token_;
        rewardPool = rewardPool_;
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

    // ---------------------------------------------------------------------------------------------------- internals

    /// @dev A failing permit is ignored: somebody may have sent it first to make this fail, and then the allowance is
    /// there.
    function _collect(address trainer, uint256 escrow, Permit calldata permit) internal {
        if (permit.deadline != 0) {
            try IERC20Permit(address(token))
                .permit(trainer, address(this), permit.value, permit.deadline, permit.v, permit.r, permit.s) {}
                catch {}
        }
        token.safeTransferFrom(trainer, address(this), escrow);
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

    function _known(bytes32 id) private view returns (Record storage found) {
        found = _requests[id];
        if (found.trainer == address(0)) revert RequestUnknown(id);
    }

    function _held(Record storage target) private view returns (uint256) {
        return uint256(target.price) * target.count - target.spent;
    }

    /// @dev Marked final by a settlement that was not voided, be its delay over or not.
    function _isFinal(Record storage target) internal view returns (bool) {
        return _finalFrom(target) != type(uint256).max;
    }

    /// @dev From when on a refund is possible because the request is final; the end of time if it is not.
    function _finalFrom(Record storage target) private view returns (uint256) {
        Source memory by = target.finalBy;
        if (by.sequence == 0) return type(uint256).max;
        return IRewardPool(rewardPool).effectiveFrom(by.number, by.sequence);
    }
}
